import { BOOT_US } from "../chip"
import type { HouseEvent } from "../events"
import { whyBroken } from "./broke"
import { Expected } from "./expected"
import { Player } from "./player"
import type { Outcome, ReplayOptions } from "./player"
import { isInput, Score } from "./score"

/**
 * What a real board does may come so much earlier or later: it is recorded at the time of the callback that does it, and its bytes
 * leave some passes of its loop later.
 */
export const BOARD_TOLERANCE_US = 20_000

interface BoardReplayOptions extends ReplayOptions {
  /** Default BOARD_TOLERANCE_US. */
  toleranceUs?: number
}

export interface BoardOutcome extends Outcome {
  /** Why nothing was compared from `untilUs` on. */
  broke?: string
  untilUs: number
}

/** A board's questions are answered in order, and each answer says when it came. */
class BoardScore extends Score {
  private answered: HouseEvent | undefined
  private readonly strips: HouseEvent[]

  constructor(events: readonly HouseEvent[]) {
    // Without boots: the answers of all lives stand in one row.
    super(events.filter(({ kind }) => kind !== "boot"))
    this.strips = events.filter(({ kind }) => kind === "strip")
  }

  override answer: Score["answer"] = (kind, where) => {
    const event = super.answer(kind, where)
    this.answered = event
    return event
  }

  /** When the call that blocks now came back: one that asked, or one that sends to a strip. */
  blockedUntilUs(): number | undefined {
    const event = this.answered ?? this.strips.shift()
    this.answered = undefined
    return event?.atUs
  }
}

/**
 * The trace of a real board, played to its program on a simulated chip: callbacks come when they came, and calls that block take
 * as long as they took. What the program does is compared wire by wire.
 */
export class BoardReplay {
  private readonly events: HouseEvent[]
  private readonly inputs: HouseEvent[]
  private readonly expected: Expected
  private readonly player: Player
  private readonly toleranceUs: number
  private readonly untilUs: number
  private readonly broke: string | undefined
  private cursor = 0
  private outputs = 0

  constructor(options: BoardReplayOptions) {
    const all = options.events.filter(({ device }) => device === options.device.name)
    const broke = all.find((event) => whyBroken(event) !== undefined)
    this.events = broke ? all.slice(0, all.indexOf(broke)) : all
    this.toleranceUs = options.toleranceUs ?? BOARD_TOLERANCE_US
    this.untilUs = broke?.atUs ?? options.endUs ?? all.at(-1)?.atUs ?? 0
    this.broke = broke && whyBroken(broke)
    this.inputs = this.events.filter(isInput)
    this.expected = new Expected(this.events, this.toleranceUs)
    const score = new BoardScore(this.events)
    this.player = new Player(options, score, {
      step: () => this.step(),
      hear: (event) => this.hear(event),
      blockedUntilUs: () => score.blockedUntilUs(),
      isTicked: true,
    })
  }

  run(): BoardOutcome {
    this.player.run()
    const { difference } = this.player
    const { cursor: inputs, outputs, untilUs, broke } = this
    return { inputs, outputs, untilUs, ...(broke !== undefined && { broke }), ...(difference && { difference }) }
  }

  private step(): boolean {
    const { player } = this
    if (player.difference) return true
    const lastUs = this.untilUs + this.toleranceUs
    const input = this.inputs[this.cursor]
    const alarmUs = player.clock.nextAtUs()
    const nextUs = Math.min(alarmUs, input?.atUs ?? Infinity)
    this.miss(Math.min(nextUs, lastUs + 1))
    if (player.difference || nextUs > lastUs) return true
    if (!input || input.atUs > alarmUs) player.clock.runNext()
    else {
      this.cursor++
      player.play(input)
    }
    return false
  }

  private hear(event: HouseEvent): void {
    if (event.kind === "boot") this.onBoot(event.atUs)
    const { isSame, isCompared, expected } = this.expected.take(event)
    // What the last callback did was not all printed any more when the recording ended.
    if (!isSame && !expected && event.atUs >= this.untilUs) return
    if (!isSame) return this.differ(event.atUs, expected, event)
    if (isCompared) this.outputs++
  }

  /** The recorder counts from the first line of the program, to the last bit of a number. */
  private onBoot(atUs: number): void {
    this.player.tcp.ends.clear()
    this.player.chip.clockZeroUs = atUs + BOOT_US
  }

  /** A level that a pin has already makes no edge. */
  private miss(atUs: number): void {
    const overdue = this.expected.overdue(atUs, (event) => {
      const net = "pin" in event ? this.player.chip.gpio.used.find(({ name }) => name === event.pin)?.net : undefined
      if (event.kind === "pwm") return Math.abs((net?.pwm?.duty ?? -1) - event.duty) < 1e-4
      return event.kind === "pin" && net?.level === (event.level === "rise" ? 1 : 0)
    })
    if (overdue) this.differ(overdue.atUs, overdue, undefined)
  }

  private differ(atUs: number, expected: HouseEvent | undefined, got: HouseEvent | undefined): void {
    const at = expected ? this.events.indexOf(expected) : this.events.findIndex((event) => event.atUs > atUs)
    this.player.differ(atUs, expected, got, this.events, at < 0 ? this.events.length : at)
  }
}
