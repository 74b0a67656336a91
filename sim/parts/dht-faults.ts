import type { Net } from "../pins/net"
import type { AirSense } from "./air"
import { WireShort } from "./wire-faults"

/** Each field is one thing that goes wrong in the field; several may be set, and each may be taken back. */
export class DhtFaults {
  /** What `house.fault` takes for a field that is a number. */
  static readonly limits = { flipBit: [0, 39], shortFrame: [0, 39], drift: [-1e6, 1e6] } as const
  /** Nobody answers: not wired, or dead. */
  missing = false
  /** The last byte is not the sum of the first four. */
  badChecksum = false
  /** Bit to invert on the wire, 0 (first) to 39. */
  flipBit: number | undefined
  /** Bits after which the sensor falls silent. */
  shortFrame: number | undefined
  private readonly short: WireShort

  constructor(
    wire: Net,
    private readonly air: AirSense,
  ) {
    this.short = new WireShort(wire)
  }

  /** The wire is shorted to ground. */
  get stuckLow(): boolean {
    return this.short.toGround
  }
  set stuckLow(isOn: boolean) {
    this.short.toGround = isOn
  }

  /** The wire is shorted to the supply. */
  get stuckHigh(): boolean {
    return this.short.toSupply
  }
  set stuckHigh(isOn: boolean) {
    this.short.toSupply = isOn
  }

  /** It goes on measuring and always finds what it found last. */
  get frozen(): boolean {
    return this.air.isFrozen
  }
  set frozen(isOn: boolean) {
    this.air.isFrozen = isOn
  }

  /** °C that are added per hour, from when this is set. */
  get drift(): number {
    return this.air.temperature.drift
  }
  set drift(perHour: number) {
    this.air.temperature.drift = perHour
  }
}
