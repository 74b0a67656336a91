import type { Net } from "../pins/net"
import type { Sensed } from "./air"
import { WireShort } from "./wire-faults"

/** Each field is one thing that goes wrong in the field; several may be set, and each may be taken back. */
export class Ds18b20Faults {
  static readonly limits = { flipBit: [0, 71], drift: [-1000, 1000] }
  /** Nobody answers: not wired, or dead. */
  missing = false
  /** The last byte of the scratchpad is not the CRC of the others. */
  badCrc = false
  /** Bit of the scratchpad to invert on the wire, 0 (first) to 71. */
  flipBit: number | undefined
  private readonly short: WireShort

  constructor(
    wire: Net,
    private readonly air: Sensed,
  ) {
    this.short = new WireShort(wire)
  }

  /** The wire is shorted to ground: it looks as if somebody were there, and all that is read is 0. */
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

  /** It goes on converting and always finds what it found last. */
  get frozen(): boolean {
    return this.air.isFrozen
  }
  set frozen(isOn: boolean) {
    this.air.isFrozen = isOn
  }

  /** °C that are added per hour, from when this is set. */
  get drift(): number {
    return this.air.drift
  }
  set drift(perHour: number) {
    this.air.drift = perHour
  }

  /** Nine bytes as they go out. */
  spoil(bytes: number[]): number[] {
    const out = [...bytes]
    if (this.badCrc) out[8] ^= 0x55
    if (this.flipBit !== undefined) out[this.flipBit >> 3] ^= 1 << (this.flipBit & 7)
    return out
  }
}
