import type { Clock } from "../clock/clock"
import type { Random } from "../clock/random"
import type { Buses } from "../buses/buses"
import type { Net } from "../pins/net"
import type { Room } from "../room"

/** What a part may touch: its nets by role ("data", "red"), the clock, its own randomness and the room around it. */
export interface PartPlace {
  readonly name: string
  readonly clock: Clock
  readonly random: Random
  readonly room: Room
  /** Throws when the wiring names no pin for `role`. */
  net(role: string): Net
  readonly buses: Buses
  /** What the wiring says of the part besides its pins, such as an address: `byDefault` where it says nothing. */
  option<T extends number | string | boolean>(name: string, byDefault: T): T
  /** Says what the part just did; becomes an event of the house. */
  tell(what: string, values?: Record<string, number>): void
}

/** A mistake in the wiring, for the user to mend: printable as it is. */
export class WiringError extends Error {}

/** What `device.part(name, Relay)` is told by. */
export type PartClass<P extends Part> = new (place: PartPlace) => P

/** A thing wired to pins. It registers on nets; no chip knows its name. */
export interface Part {
  readonly name: string
  readonly part: string
  /** What a person would see or measure, by field name. */
  values(): Record<string, number>
  /**
   * What it draws from the supply now, in milliamperes, itself and what it drives: asked while it has power, at every event of
   * its board. Absent for a part that draws nothing worth a word.
   */
  currentMa?(): number
  powerOn(): void
  powerOff(): void
}
