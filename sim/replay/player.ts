import type { Board } from "../board"
import { Chip } from "../chip"
import { Clock } from "../clock/clock"
import { Random } from "../clock/random"
import { runSlice } from "../clock/slice"
import { DEFAULT_LIMITS } from "../espruino/machine"
import type { Played } from "../espruino/machine"
import { utf8Bytes } from "../espruino/source"
import { emptyStage, endRunaway } from "../espruino/stage"
import type { HouseEvent } from "../events"
import { encodeRecord } from "../record"
import type { TracedDevice } from "../trace/header"
import { PlayedStation, PlayedTcp } from "./network"
import { PlayedPins } from "./pins"
import type { PlayedWires } from "./pins"
import type { Score } from "./score"

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

/** How a replay goes on, and what it compares. */
interface Rules extends Omit<Played, "mac" | "converted"> {
  readonly wires?: PlayedWires
  /** One input, or one alarm of the chip. True when there is nothing left to compare. */
  step(): boolean
  /** What the board does, until the first difference. */
  hear(event: HouseEvent): void
}

const LINES_BEFORE = 5
const LINES_AFTER = 3
/** Alarms between two looks at the host's clock. */
const STEPS_PER_LOOK = 64

/** A simulated chip whose whole outside is played. */
export class Player {
  readonly clock = new Clock()
  readonly chip: Chip
  readonly tcp: PlayedTcp
  difference: Difference | undefined
  private readonly stage = emptyStage()
  private readonly station = new PlayedStation(this.clock)
  private readonly pins: PlayedPins
  private isPlaying = false

  constructor(
    options: ReplayOptions,
    private readonly score: Score,
    private readonly rules: Rules,
  ) {
    this.tcp = new PlayedTcp(score, () => this.chip.interpreter?.localUs ?? this.clock.nowUs)
    this.chip = this.makeChip(options)
    this.pins = new PlayedPins(this.chip, score, rules.wires)
  }

  run(): void {
    this.isPlaying = true
    let isDone = false
    while (!isDone) {
      const work = (mayGoOn: () => boolean) => {
        for (let steps = 1; !(isDone = this.rules.step()); steps++)
          if (steps % STEPS_PER_LOOK === 0 && !mayGoOn()) return
      }
      if (!runSlice(work, DEFAULT_LIMITS.hostMs)) endRunaway(this.stage, DEFAULT_LIMITS.hostMs, "the replay")
    }
  }

  play(input: HouseEvent): void {
    this.clock.nowUs = Math.max(this.clock.nowUs, input.atUs)
    switch (input.kind) {
      case "boot":
        this.tcp.ends.clear()
        return input.reason === "power" ? this.chip.powerOn() : this.chip.reboot()
      case "off":
        return this.chip.powerOff()
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
      case "net":
        return this.playNet(input)
    }
  }

  /** The first counts. `index` is its place among `events`: of `expected`, or of what comes next where that is none. */
  differ(
    atUs: number,
    expected: HouseEvent | undefined,
    got: HouseEvent | undefined,
    events: readonly HouseEvent[],
    index: number,
  ): void {
    const before = events.slice(Math.max(0, index - LINES_BEFORE), index)
    const after = events.slice(expected ? index + 1 : index).slice(0, LINES_AFTER)
    this.difference ??= { atUs, ...(expected && { expected }), ...(got && { got }), before, after }
  }

  private makeChip({ device, board, bundle }: ReplayOptions): Chip {
    const { clock, stage, tcp, station, score, rules } = this
    const chip = new Chip(device.name, board, {
      ...{ clock, stage, random: new Random(0), tcp, limits: DEFAULT_LIMITS },
      station: () => station,
      tell: (name, telling) => this.hear({ atUs: clock.nowUs, device: name, ...telling } as HouseEvent),
      played: { ...rules, mac: device.mac, converted: (pin) => score.answer("adc", pin)?.value },
    })
    chip.flash.write(".bootcde", utf8Bytes(bundle))
    if (device.settings) for (const [file, bytes] of encodeRecord(device.settings)) chip.flash.write(file, bytes)
    return chip
  }

  private playNet({ connection, bytes, end }: HouseEvent & { kind: "net" }): void {
    const board = this.tcp.ends.get(connection)
    if (end) board?.onClose(end)
    else board?.onData(bytes)
  }

  private hear(event: HouseEvent): void {
    if (this.isPlaying && !this.difference) this.rules.hear(event)
  }
}
