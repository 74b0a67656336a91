import type { Board } from "./board"
import { Chip } from "./chip"
import type { ChipPlace } from "./chip"
import type { DeviceView, LogLevel, Message } from "./events"
import { encodeRecord } from "./record"
import type { SettingsRecord } from "./record"
import { utf8Bytes } from "./espruino/source"
import { classOf, makePart } from "./parts/catalogue"
import type { PartOf, PartType } from "./parts/catalogue"
import { WiringError } from "./parts/part"
import type { Part, PartClass } from "./parts/part"
import type { NetState } from "./pins/net"
import type { Room } from "./room"

export interface PartSpec {
  name: string
  part: string
  /** Role to GPIO number. */
  pins: Record<string, number>
  /** By name, such as an I2C address. */
  options?: Record<string, number | string | boolean>
}

export interface DeviceSpec {
  name: string
  /** Code, as `motewire build` makes it. */
  bundle: string
  board: Board
  /** Written to Storage as `mw.a`, one of the two files a program keeps it in by turns; absent without settings. */
  record?: SettingsRecord
  parts?: PartSpec[]
}

interface Log {
  atUs: number
  level: LogLevel
  text: string
}

/** Newest lines kept per board. */
const MAX_LOGS = 10_000

/** A board with its parts: what a test holds in its hand. */
export class Device {
  readonly chip: Chip
  /** By the names of the wiring. Those named after their type have its fields; `part` has types and words for the rest. */
  readonly parts: { [T in PartType]: PartOf<T> } & Record<string, any> = named((name) => this.missing(name)) as never
  readonly logs: Log[] = []
  lastPublish: Message | undefined

  constructor(
    readonly spec: DeviceSpec,
    place: ChipPlace,
    room: Room,
  ) {
    this.chip = new Chip(spec.name, spec.board, place)
    this.chip.onPowerCut = () => this.powerOff()
    if (spec.bundle) this.store(".bootcde", utf8Bytes(spec.bundle))
    if (spec.record) for (const [file, bytes] of encodeRecord(spec.record)) this.store(file, bytes)
    for (const part of spec.parts ?? [])
      (this.parts as Record<string, Part>)[part.name] = Object.preventExtensions(this.wire(part, place, room))
  }

  get name(): string {
    return this.spec.name
  }

  /**
   * `part("button")` for one named after its type, `part("fan", Relay)` for one with a name of its own. Throws when there
   * is none of this name, or it is of another type.
   */
  part<T extends PartType>(name: T): PartOf<T>
  part<P extends Part>(name: string, type: PartClass<P>): P
  part(name: string): Part
  part(name: string, type: PartClass<Part> | undefined = classOf(name)): Part {
    const part = this.everyPart().find((each) => each.name === name)
    if (!part) throw this.missing(name)
    const kind = part.part
    if (type && !(part instanceof type)) throw new Error(`part "${name}" of "${this.name}" is a ${kind}`)
    return part
  }

  /** By printed name, such as "GPIO4": level, PWM and state of the net. */
  get pins(): Record<string, { level: 0 | 1; state: NetState; pwm?: { duty: number; frequencyHz: number } }> {
    return Object.fromEntries(
      this.chip.gpio.used.map(({ name, net }) => [name, { level: net.level, state: net.state, pwm: net.pwm }]),
    )
  }

  powerOn(): void {
    for (const part of this.everyPart()) part.powerOn()
    this.chip.powerOn()
  }

  powerOff(): void {
    this.chip.powerOff()
    for (const part of this.everyPart()) part.powerOff()
  }

  reboot(): void {
    this.chip.reboot()
  }

  keepLog(log: Log): void {
    this.logs.push(log)
    if (this.logs.length > MAX_LOGS) this.logs.shift()
  }

  view(link: DeviceView["link"]): DeviceView {
    const { chip } = this
    const life = chip.interpreter
    const { atUs, topic, payload } = this.lastPublish ?? {}
    return {
      name: this.name,
      board: chip.board.name,
      state: chip.state,
      link,
      rssiDbm: chip.station.wifi.rssiDbm,
      memory: { used: life?.memory.used ?? 0, total: life?.memory.total ?? 0 },
      boots: chip.boots,
      uptimeUs: life ? chip.clock.nowUs - life.bootedAtUs : 0,
      parts: this.everyPart().map((part) => ({ name: part.name, part: part.part, values: part.values() })),
      ...(this.lastPublish && { lastPublish: { atUs: atUs!, topic: topic!, payload: payload! } }),
      pins: Object.fromEntries(chip.gpio.used.map(({ name, net }) => [name, stateText(net.state, net.pwm?.duty)])),
    }
  }

  private store(file: string, bytes: string): void {
    if (!this.chip.flash.write(file, bytes)) return
    throw new Error(`"${this.name}": ${file} of ${bytes.length} bytes does not fit into the chip's Storage`)
  }

  private missing(name: string): Error {
    return new Error(`"${this.name}" has no part "${name}"; there are: ${Object.keys(this.parts).join(", ") || "none"}`)
  }

  private everyPart(): Part[] {
    return Object.values(this.parts)
  }

  private wire(spec: PartSpec, place: ChipPlace, room: Room): Part {
    const free = new Set(Object.keys(spec.pins))
    const what = `part "${spec.name}" of "${this.name}"`
    const part = makePart(spec.part, {
      name: spec.name,
      clock: place.clock,
      random: place.random.split(`part ${spec.name}`),
      room,
      net: (role) => {
        if (!free.delete(role)) throw new WiringError(`${what}: a ${spec.part} needs a pin for "${role}"`)
        const pin = this.chip.gpio.find(spec.pins[role])
        if (!pin) throw new WiringError(`${what}: ${this.spec.board.name} has no pin ${spec.pins[role]} for "${role}"`)
        return pin.net
      },
      buses: this.chip.buses,
      option: (name, byDefault) => (spec.options?.[name] as typeof byDefault) ?? byDefault,
      tell: (text, values) => this.chip.tell({ kind: "part", part: spec.name, what: text, ...(values && { values }) }),
    })
    for (const role of free) throw new WiringError(`${what}: a ${spec.part} has no pin "${role}"`)
    return part
  }
}

/** An object that throws when it is asked for a name that it has not; what the language itself asks every object for stays undefined. */
function named(missing: (name: string) => Error): object {
  return new Proxy(Object.create(null) as object, {
    get(parts, name) {
      if (typeof name === "symbol" || Object.hasOwn(parts, name) || ASKED_OF_ALL.has(name))
        return Reflect.get(parts, name)
      throw missing(name)
    },
  })
}

/** By await, JSON, and what test runners print with. */
const ASKED_OF_ALL = new Set(["then", "toJSON", "asymmetricMatch", "nodeType", "tagName", "constructor", "$$typeof"])

function stateText(state: NetState, duty?: number): string {
  return state === "pwm" ? `pwm ${Math.round(duty! * 100)} %` : state
}
