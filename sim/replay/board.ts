import { BOOT_US, Chip } from "../chip"
import { Clock } from "../clock/clock"
import { Random } from "../clock/random"
import { runSlice } from "../clock/slice"
import { DEFAULT_LIMITS } from "../espruino/machine"
import type { Stage } from "../espruino/machine"
import { utf8Bytes } from "../espruino/source"
import type { HouseEvent } from "../events"
import { Network } from "../network/network"
import { encodeRecord } from "../record"
import { PlayedPins } from "./buses"
import { Expected } from "./expected"
import { PlayedStation, PlayedTcp } from "./network"
import type { Outcome, ReplayOptions } from "./replay"
import { isInput, Score } from "./score"

/** First words of the event behind which nothing can be replayed: `motewire record` lost a piece. */
export const BROKE = "the recording broke: "

/**
 * What a real board does may come so much earlier or later: it is recorded at the time of the callback that does it, and its bytes
 * leave some passes of its loop later.
 */
export const BOARD_TOLERANCE_US = 20_000

export interface BoardReplayOptions extends ReplayOptions {
  /** Default BOARD_TOLERANCE_US. */
  toleranceUs?: number
}

export interface BoardOutcome extends Outcome {
  /** Why nothing was compared from `untilUs` on. */
  broke?: string
  untilUs: number
}

const LINES_BEFORE = 5
const LINES_AFTER = 3
const STEPS_PER_LOOK = 64

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
  private readonly clock = new Clock()
  private readonly stage: Stage = { interpreter: undefined, kind: "boot", depth: 0 }
  private readonly station = new PlayedStation(this.clock)
  private readonly events: HouseEvent[]
  private readonly inputs: HouseEvent[]
  private readonly score: BoardScore
  private readonly expected: Expected
  private readonly tcp: PlayedTcp
  private readonly chip: Chip
  private readonly pins: PlayedPins
  private readonly toleranceUs: number
  private readonly outcome: BoardOutcome
  private cursor = 0
  private isPlaying = false

  constructor(private readonly options: BoardReplayOptions) {
    const all = options.events.filter(({ device }) => device === options.device.name)
    const broke = all.find((event) => event.kind === "fault" && event.reason.startsWith(BROKE))
    this.events = broke ? all.slice(0, all.indexOf(broke)) : all
    this.toleranceUs = options.toleranceUs ?? BOARD_TOLERANCE_US
    const untilUs = broke?.atUs ?? options.endUs ?? all.at(-1)?.atUs ?? 0
    this.outcome = { inputs: 0, outputs: 0, untilUs }
    if (broke?.kind === "fault") this.outcome.broke = broke.reason.slice(BROKE.length)
    this.inputs = this.events.filter(isInput)
    this.score = new BoardScore(this.events)
    this.expected = new Expected(this.events, this.toleranceUs)
    this.tcp = new PlayedTcp(this.clock, this.score, () => this.chip.interpreter?.localUs ?? this.clock.nowUs)
    this.chip = this.makeChip()
    this.pins = new PlayedPins(this.chip, this.score)
  }

  run(): BoardOutcome {
    this.isPlaying = true
    let isDone = false
    while (!isDone) {
      const work = (mayGoOn: () => boolean) => {
        for (let steps = 1; !(isDone = this.step()); steps++) if (steps % STEPS_PER_LOOK === 0 && !mayGoOn()) return
      }
      if (!runSlice(work, DEFAULT_LIMITS.hostMs)) this.onTerminated()
    }
    return this.outcome
  }

  private makeChip(): Chip {
    const { device, board, bundle } = this.options
    const { clock, station, stage } = this
    const random = new Random(0)
    const network = Object.assign(new Network(clock, random, { ssid: "", password: "" }), { tcp: this.tcp })
    const chip = new Chip(device.name, board, {
      ...{ clock, random, network, station, stage, mac: device.mac, limits: DEFAULT_LIMITS, isTicked: true },
      tell: (name, telling) => this.hear({ atUs: clock.nowUs, device: name, ...telling } as HouseEvent),
      converted: (pin) => this.score.answer("adc", pin)?.value,
      blockedUntilUs: () => this.score.blockedUntilUs(),
    })
    chip.flash.write(".bootcde", utf8Bytes(bundle))
    if (device.settings) for (const [file, bytes] of encodeRecord(device.settings)) chip.flash.write(file, bytes)
    return chip
  }

  /** One input, or one alarm of the chip. True when there is nothing left to compare. */
  private step(): boolean {
    const { outcome, clock } = this
    if (outcome.difference) return true
    const lastUs = outcome.untilUs + this.toleranceUs
    const input = this.inputs[this.cursor]
    const inputUs = input?.atUs ?? Infinity
    const nextUs = Math.min(clock.nextAtUs(), inputUs)
    this.miss(Math.min(nextUs, lastUs + 1))
    if (outcome.difference || nextUs > lastUs) return true
    if (inputUs > clock.nextAtUs()) clock.runNext()
    else this.play(input)
    return false
  }

  private play(input: HouseEvent): void {
    this.cursor++
    this.outcome.inputs++
    this.clock.nowUs = Math.max(this.clock.nowUs, input.atUs)
    switch (input.kind) {
      case "boot":
        return this.chip.powerOn()
      case "timer":
        return this.chip.interpreter?.tick()
      case "pin":
        return this.pins.set(input.pin, input.level)
      case "serial":
        return this.pins.receive(input.pin, input.baud, input.bytes)
      case "wifi":
        return this.station.play(input)
      case "drain":
        return this.tcp.ends.get(input.connection)?.onDrain?.()
      case "net": {
        const board = this.tcp.ends.get(input.connection)
        if (input.end) board?.onClose(input.end)
        else board?.onData(input.bytes)
      }
    }
  }

  private hear(event: HouseEvent): void {
    if (!this.isPlaying || this.outcome.difference) return
    if (event.kind === "boot") this.onBoot(event.atUs)
    const { isSame, isCompared, expected } = this.expected.take(event)
    // What the last callback did was not all printed any more when the recording ended.
    if (!isSame && !expected && event.atUs >= this.outcome.untilUs) return
    if (!isSame) return this.differ(event.atUs, expected, event)
    if (isCompared) this.outcome.outputs++
  }

  /** The recorder counts from the first line of the program, to the last bit of a number. */
  private onBoot(atUs: number): void {
    this.tcp.ends.clear()
    this.chip.clockZeroUs = atUs + BOOT_US
  }

  /** A level that a pin has already makes no edge. */
  private miss(atUs: number): void {
    const overdue = this.expected.overdue(atUs, (event) => {
      const net = "pin" in event ? this.chip.gpio.used.find(({ name }) => name === event.pin)?.net : undefined
      if (event.kind === "pwm") return Math.abs((net?.pwm?.duty ?? -1) - event.duty) < 1e-4
      return event.kind === "pin" && net?.level === (event.level === "rise" ? 1 : 0)
    })
    if (overdue) this.differ(overdue.atUs, overdue, undefined)
  }

  private differ(atUs: number, expected: HouseEvent | undefined, got: HouseEvent | undefined): void {
    const at = expected ? this.events.indexOf(expected) : this.events.findIndex((event) => event.atUs > atUs)
    const index = at < 0 ? this.events.length : at
    const before = this.events.slice(Math.max(0, index - LINES_BEFORE), index)
    const after = this.events.slice(expected ? index + 1 : index).slice(0, LINES_AFTER)
    this.outcome.difference = { atUs, ...(expected && { expected }), ...(got && { got }), before, after }
  }

  private onTerminated(): void {
    const { interpreter, depth, kind } = this.stage
    this.stage.interpreter = undefined
    this.stage.depth = 0
    if (!interpreter || depth > 0)
      throw new Error(`the replay was stopped inside its own code after ${DEFAULT_LIMITS.hostMs} ms`)
    interpreter.runaway(`no return within ${DEFAULT_LIMITS.hostMs} ms of host time`, kind)
  }
}
