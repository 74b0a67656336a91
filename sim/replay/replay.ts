import type { Board } from "../board"
import { Chip, lossText } from "../chip"
import { Clock } from "../clock/clock"
import { Random } from "../clock/random"
import { runSlice } from "../clock/slice"
import { utf8Bytes } from "../espruino/source"
import { DEFAULT_LIMITS } from "../espruino/machine"
import type { Stage } from "../espruino/machine"
import type { HouseEvent } from "../events"
import { Network } from "../network/network"
import { encodeRecord } from "../record"
import type { TracedDevice } from "../trace/header"
import { describe } from "../trace/trace"
import { PlayedPins } from "./buses"
import { PlayedStation, PlayedTcp } from "./network"
import { isInput, Score } from "./score"

export interface ReplayOptions {
  device: TracedDevice
  board: Board
  /** Code, as `motewire build` makes it. */
  bundle: string
  /** What happened to the board and what it did, in order; other boards' events and those of its parts may be among them. */
  events: HouseEvent[]
  /** Until when it was recorded; until the last event when absent. */
  endUs?: number
  /** The bundle is another than the recorded one: what the memory model says of it is no difference. */
  isChanged?: boolean
}

export interface Difference {
  atUs: number
  /** Absent where nothing was expected, or nothing came. An input that could not be played is expected, too. */
  expected?: HouseEvent
  got?: HouseEvent
  /** What had happened before, and what was to come behind: the nearest of each. */
  before: HouseEvent[]
  after: HouseEvent[]
}

export interface Outcome {
  inputs: number
  outputs: number
  difference?: Difference
}

const LINES_BEFORE = 5
const LINES_AFTER = 3
const WIRE_FAULT = /: (stuck-low|stuck-high|open|loose-contact|slow-edge)\b/
/** Alarms between two looks at the host's clock. */
const STEPS_PER_LOOK = 64

/** One board against its recorded world: all that it heard is said to it again, and what it does is compared. */
export class Replay {
  private readonly clock = new Clock()
  private readonly score: Score
  private readonly faults: { atUs: number; reason: string; cursor: number }[] = []
  private readonly chip: Chip
  private readonly station = new PlayedStation(this.clock)
  private readonly tcp: PlayedTcp
  private readonly pins: PlayedPins
  private readonly stage: Stage = { interpreter: undefined, kind: "boot", depth: 0 }
  private readonly endUs: number
  private readonly outcome: Outcome = { inputs: 0, outputs: 0 }
  private isPlaying = false
  private inputDepth = 0

  constructor(private readonly options: ReplayOptions) {
    this.score = new Score(this.played(options.events))
    this.endUs = options.endUs ?? this.score.events.at(-1)?.atUs ?? 0
    this.tcp = new PlayedTcp(this.clock, this.score, () => this.chip.interpreter?.localUs ?? this.clock.nowUs)
    this.chip = this.makeChip()
    this.pins = new PlayedPins(
      this.chip,
      this.score,
      (pin, level) => this.isNext(pin, level),
      () => this.isWireFaulty(),
    )
  }

  run(): Outcome {
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
      ...{ clock, random, network, station, stage, mac: device.mac, limits: DEFAULT_LIMITS },
      tell: (name, telling) => this.hear({ atUs: clock.nowUs, device: name, ...telling } as HouseEvent),
      losesCallback: (kind) => this.losesCallback(lossText(kind)),
      converted: (pin) => this.score.answer("adc", pin)?.value,
    })
    chip.flash.write(".bootcde", utf8Bytes(bundle))
    if (device.settings) for (const [file, bytes] of encodeRecord(device.settings)) chip.flash.write(file, bytes)
    chip.flash.isCutAt = (torn, file) => {
      const next = this.score.upcoming("storage")
      return next?.action === "torn" && next.file === `${file} (${torn})`
    }
    return chip
  }

  /** What the board itself hears and says. What made its memory run out is kept beside. */
  private played(events: HouseEvent[]): HouseEvent[] {
    const played: HouseEvent[] = []
    for (const event of events) {
      if (event.device !== this.options.device.name) continue
      if (event.kind === "fault") this.faults.push({ atUs: event.atUs, reason: event.reason, cursor: played.length })
      else if (this.isCompared(event)) played.push(event)
    }
    return played
  }

  private isCompared({ kind }: HouseEvent): boolean {
    return kind !== "part" && kind !== "fault" && kind !== "mqtt" && !(kind === "memory" && this.options.isChanged)
  }

  /** One input, or one alarm of the chip. True when there is nothing left to compare. */
  private step(): boolean {
    if (this.outcome.difference) return true
    const { next } = this.score
    const untilUs = next ? next.atUs : this.endUs
    const nextUs = this.clock.nextAtUs()
    if (next && isInput(next) && nextUs >= untilUs) this.play(next)
    else if (nextUs < untilUs || (next && nextUs === untilUs)) this.clock.runNext()
    else if (next) this.differ(next, undefined)
    else return true
    return false
  }

  private play(input: HouseEvent): void {
    const index = this.score.cursor
    this.clock.nowUs = Math.max(this.clock.nowUs, input.atUs)
    this.inputDepth++
    this.apply(input)
    this.inputDepth--
    // All that happens to a board tells of itself.
    if (this.score.cursor === index) this.differ(input, undefined)
    this.outcome.inputs++
  }

  private apply(input: HouseEvent): void {
    switch (input.kind) {
      case "boot":
        this.tcp.ends.clear()
        if (input.reason !== "power") return this.chip.reboot()
        return this.chip.powerOn()
      case "off":
        return this.chip.powerOff()
      case "pin":
        return this.pins.set(input.pin, input.level)
      case "serial":
        return this.pins.receive(input.pin, input.baud, input.bytes)
      case "wifi":
        return this.station.play(input)
      case "net":
        return this.playNet(input)
    }
  }

  private playNet({ connection, bytes, end }: HouseEvent & { kind: "net" }): void {
    const board = this.tcp.ends.get(connection)
    if (end) board?.onClose(end)
    else board?.onData(bytes)
  }

  private hear(event: HouseEvent): void {
    if (!this.isPlaying || this.outcome.difference || !this.isCompared(event)) return
    if (event.kind === "boot") this.tcp.ends.clear()
    this.playWhatCameBetween(event)
    const expected = this.score.next
    if (!expected || !this.isSame(event, expected)) return this.differ(expected, event)
    this.score.cursor++
    if (!isInput(expected)) this.outcome.outputs++
  }

  /** A part that answers an edge at once does so inside the call that made the edge. */
  private playWhatCameBetween(event: HouseEvent): void {
    if (this.inputDepth > 0) return
    for (let next = this.score.next; next && isInput(next) && next.atUs <= event.atUs; next = this.score.next) {
      if (this.isSame(event, next)) return
      this.play(next)
      if (this.outcome.difference) return
    }
  }

  /** Between the lines that tell of a fault of a wire's beginning and end. */
  private isWireFaulty(): boolean {
    const reasons = this.faults.filter(({ atUs, reason }) => atUs <= this.clock.nowUs && WIRE_FAULT.test(reason))
    const count = (word: string) => reasons.filter(({ reason }) => reason.endsWith(word)).length
    return count(" begins") > count(" ends")
  }

  private isNext(pin: string, level: 0 | 1): boolean {
    const { next } = this.score
    if (next?.kind !== "pin" || next.pin !== pin || next.atUs !== this.clock.nowUs) return false
    return next.by === "chip" && next.level === (level ? "rise" : "fall")
  }

  private isSame(event: HouseEvent, expected: HouseEvent): boolean {
    return event.atUs === expected.atUs && describe(event) === describe(expected)
  }

  private differ(expected: HouseEvent | undefined, got: HouseEvent | undefined): void {
    const { events, cursor } = this.score
    const atUs = got ? this.clock.nowUs : expected!.atUs
    const before = events.slice(Math.max(0, cursor - LINES_BEFORE), cursor)
    const after = events.slice(cursor + 1, cursor + 1 + LINES_AFTER)
    this.outcome.difference ??= { atUs, ...(expected && { expected }), ...(got && { got }), before, after }
  }

  private losesCallback(reason: string): boolean {
    const [loss] = this.faults.filter((each) => each.reason === reason)
    if (!loss || loss.cursor !== this.score.cursor || loss.atUs !== this.clock.nowUs) return false
    this.faults.splice(this.faults.indexOf(loss), 1)
    return true
  }

  /** V8 ended the slice: see House. */
  private onTerminated(): void {
    const { interpreter, depth, kind } = this.stage
    this.stage.interpreter = undefined
    this.stage.depth = 0
    if (!interpreter || depth > 0)
      throw new Error(`the replay was stopped inside its own code after ${DEFAULT_LIMITS.hostMs} ms`)
    interpreter.runaway(`no return within ${DEFAULT_LIMITS.hostMs} ms of host time`, kind)
  }
}
