import { lossText } from "../chip"
import type { CallbackKind } from "../espruino/machine"
import type { HouseEvent } from "../events"
import { isOfWire } from "../faults/reason"
import { describe } from "../trace/trace"
import { Player } from "./player"
import type { Outcome, ReplayOptions } from "./player"
import { isInput, Score } from "./score"

/** What was done to the board by hand. `cursor`: how many of its own events came before. */
type Fault = HouseEvent & { kind: "fault"; cursor: number }

/** One board against its recorded world: all that it heard is said to it again, and what it does is compared. */
export class Replay {
  private readonly score: Score
  private readonly faults: Fault[] = []
  private readonly player: Player
  private readonly endUs: number
  private inputs = 0
  private outputs = 0
  private inputDepth = 0

  constructor(private readonly options: ReplayOptions) {
    this.score = new Score(this.played(options.events))
    this.endUs = options.endUs ?? this.score.events.at(-1)?.atUs ?? 0
    this.player = new Player(options, this.score, {
      step: () => this.step(),
      hear: (event) => this.hear(event),
      losesCallback: (kind) => this.losesCallback(kind),
      wires: {
        isRecorded: (pin, level) => this.isNext(pin, level),
        isFaulty: () => this.isWireFaulty(),
      },
    })
    this.player.chip.flash.isCutAt = (torn, file) => {
      const next = this.score.upcoming("storage")
      return next?.action === "torn" && next.file === `${file} (${torn})`
    }
  }

  run(): Outcome {
    this.player.run()
    const { inputs, outputs, player } = this
    return { inputs, outputs, ...(player.difference && { difference: player.difference }) }
  }

  /** What the board itself hears and says. What made its memory run out is kept beside. */
  private played(events: HouseEvent[]): HouseEvent[] {
    const played: HouseEvent[] = []
    for (const event of events) {
      if (event.device !== this.options.device.name) continue
      if (event.kind === "fault") this.faults.push({ ...event, cursor: played.length })
      else if (this.isCompared(event)) played.push(event)
    }
    return played
  }

  private isCompared({ kind }: HouseEvent): boolean {
    return kind !== "part" && kind !== "fault" && kind !== "mqtt" && !(kind === "memory" && this.options.isChanged)
  }

  private step(): boolean {
    const { clock, difference } = this.player
    if (difference) return true
    const { next } = this.score
    const untilUs = next ? next.atUs : this.endUs
    const nextUs = clock.nextAtUs()
    if (next && isInput(next) && nextUs >= untilUs) this.play(next)
    else if (nextUs < untilUs || (next && nextUs === untilUs)) clock.runNext()
    else if (next) this.differ(next, undefined)
    else return true
    return false
  }

  private play(input: HouseEvent): void {
    const index = this.score.cursor
    this.inputDepth++
    this.player.play(input)
    this.inputDepth--
    // All that happens to a board tells of itself.
    if (this.score.cursor === index) this.differ(input, undefined)
    this.inputs++
  }

  private hear(event: HouseEvent): void {
    if (!this.isCompared(event)) return
    if (event.kind === "boot") this.player.tcp.ends.clear()
    this.playWhatCameBetween(event)
    const expected = this.score.next
    if (!expected || !this.isSame(event, expected)) return this.differ(expected, event)
    this.score.cursor++
    if (!isInput(expected)) this.outputs++
  }

  /** A part that answers an edge at once does so inside the call that made the edge. */
  private playWhatCameBetween(event: HouseEvent): void {
    if (this.inputDepth > 0) return
    for (let next = this.score.next; next && isInput(next) && next.atUs <= event.atUs; next = this.score.next) {
      if (this.isSame(event, next)) return
      this.play(next)
      if (this.player.difference) return
    }
  }

  /** Between the lines that tell of a fault of a wire's beginning and end. */
  private isWireFaulty(): boolean {
    const { nowUs } = this.player.clock
    let open = 0
    for (const { atUs, phase, reason } of this.faults)
      if (phase && atUs <= nowUs && isOfWire(reason)) open += phase === "begins" ? 1 : -1
    return open > 0
  }

  private isNext(pin: string, level: 0 | 1): boolean {
    const { next } = this.score
    if (next?.kind !== "pin" || next.pin !== pin || next.atUs !== this.player.clock.nowUs) return false
    return next.by === "chip" && next.level === (level ? "rise" : "fall")
  }

  private isSame(event: HouseEvent, expected: HouseEvent): boolean {
    return event.atUs === expected.atUs && describe(event) === describe(expected)
  }

  private differ(expected: HouseEvent | undefined, got: HouseEvent | undefined): void {
    const atUs = got ? this.player.clock.nowUs : expected!.atUs
    const { events, cursor } = this.score
    this.player.differ(atUs, expected, got, events, cursor)
  }

  private losesCallback(kind: CallbackKind): boolean {
    const loss = this.faults.find(({ reason }) => reason === lossText(kind))
    if (!loss || loss.cursor !== this.score.cursor || loss.atUs !== this.player.clock.nowUs) return false
    this.faults.splice(this.faults.indexOf(loss), 1)
    return true
  }
}
