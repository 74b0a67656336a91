import type { HouseEvent } from "../events"
import { describe } from "../trace/trace"
import { isInput } from "./score"

/** Kinds by which a pin is in other hands than those of digitalWrite: its levels follow from these. */
const OTHER_HANDS = /^(pwm|i2c|onewire|strip|adc|serial)$/

/** Calls that block are recorded when they came back, and told when they begin. */
const BLOCKING = /^(i2c|onewire|strip)$/
/** The firmware gives up an I2C message after a second (Espruino 2v29 on ESP32); a search of 1-Wire takes 14 ms a part. */
const LONGEST_CALL_US = 1_000_000

/**
 * What a recorded board did, by wire: on each wire in order, between wires as it comes. A real board's bytes leave when its firmware
 * finds the time, so that their place among pins and logs means nothing.
 */
export class Expected {
  private readonly wires = new Map<string, HouseEvent[]>()
  /** Pins whose edges are a bus's, a lamp's or a converter's. */
  private readonly otherPins = new Set<string>()
  private readonly writtenPins = new Set<string>()
  private life = 0

  constructor(
    events: readonly HouseEvent[],
    private readonly toleranceUs: number,
  ) {
    let life = 0
    for (const event of events) {
      if (event.kind === "boot") life++
      for (const pin of pinsOf(event)) this.note(event, pin)
      if (isInput(event) || !isOutput(event)) continue
      const wire = wireOf(event, life)
      const due = this.wires.get(wire)
      if (due) due.push(event)
      else this.wires.set(wire, [event])
    }
  }

  /** The board does this now. False when something else was due on this wire, or nothing; `expected` says which. */
  take(event: HouseEvent): { isSame: boolean; isCompared: boolean; expected?: HouseEvent } {
    if (event.kind === "boot") this.life++
    if (isInput(event) || !isOutput(event) || this.isFollowed(event)) return { isSame: true, isCompared: false }
    const due = this.wires.get(wireOf(event, this.life))
    const [expected] = due ?? []
    if (!expected) return { isSame: false, isCompared: true }
    const isSame =
      this.isNear(event, expected) && (this.takeBytes(event, due!) ?? describe(event) === describe(expected))
    if (isSame && !isBytes(event)) due!.shift()
    return { isSame, isCompared: true, expected }
  }

  /** The first that should have come before `atUs`. `isThere` says whether it would have changed nothing. */
  overdue(atUs: number, isThere: (event: HouseEvent) => boolean): HouseEvent | undefined {
    for (const due of this.wires.values())
      while (due.length && due[0].atUs + this.toleranceUs < atUs) {
        if (!isThere(due[0])) return due[0]
        due.shift()
      }
  }

  private isNear(event: HouseEvent, expected: HouseEvent): boolean {
    const earlyUs = BLOCKING.test(event.kind) ? LONGEST_CALL_US : 0
    const lateUs = event.atUs - expected.atUs
    return lateUs <= this.toleranceUs && lateUs >= -this.toleranceUs - earlyUs
  }

  /** Bytes of a connection are cut as the firmware finds room: undefined for anything else. */
  private takeBytes(event: HouseEvent, due: HouseEvent[]): boolean | undefined {
    if (!isBytes(event)) return undefined
    let left = event.bytes
    while (left) {
      const [next] = due
      if (!next || !isBytes(next) || !this.isNear(event, next)) return false
      const count = Math.min(left.length, next.bytes.length)
      if (left.slice(0, count) !== next.bytes.slice(0, count)) return false
      left = left.slice(count)
      if (count === next.bytes.length) due.shift()
      else due[0] = { ...next, bytes: next.bytes.slice(count) }
    }
    return true
  }

  private isFollowed(event: HouseEvent): boolean {
    return event.kind === "pin" && this.otherPins.has(event.pin) && !this.writtenPins.has(event.pin)
  }

  private note(event: HouseEvent, pin: string): void {
    if (OTHER_HANDS.test(event.kind)) this.otherPins.add(pin)
    else if (event.kind === "pin" && event.by === "chip") this.writtenPins.add(pin)
  }
}

type Bytes = HouseEvent & { kind: "net" }
const isBytes = (event: HouseEvent): event is Bytes => event.kind === "net" && event.end === undefined

function pinsOf(event: HouseEvent): string[] {
  if (event.kind === "i2c") return [event.sda, event.scl]
  return "pin" in event ? [event.pin] : []
}

/** What a recorder on the chip sees of it; the firmware's own words and the ends of sockets are not among that. */
function isOutput(event: HouseEvent): boolean {
  switch (event.kind) {
    case "log":
      return event.level !== "error"
    case "tcp":
      return event.state !== "closed" && event.state !== "reset"
    case "wifi":
      return event.state === "connecting"
    case "storage":
      return event.action === "write"
    default:
      return !/^(part|mqtt|memory|fault|off|timer|drain)$/.test(event.kind)
  }
}

function wireOf(event: HouseEvent, life: number): string {
  if (event.kind === "net") return `net ${life} ${event.connection}`
  const [pin = ""] = pinsOf(event)
  return `${event.kind} ${pin}`
}
