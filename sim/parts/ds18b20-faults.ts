import { SensorFaults } from "./sensor-faults"

/** A wire that is shorted to ground looks as if somebody were there, and all that is read is 0. */
export class Ds18b20Faults extends SensorFaults {
  static readonly limits = { flipBit: [0, 71], drift: [-1000, 1000] }
  static override readonly texts = {
    ...super.texts,
    badCrc: "the scratchpad's last byte is not the CRC of the others",
    flipBit: "this bit of the scratchpad arrives inverted, 0 the first",
  }
  /** The last byte of the scratchpad is not the CRC of the others. */
  badCrc = false
  /** Bit of the scratchpad to invert on the wire, 0 (first) to 71. */
  flipBit: number | undefined

  /** Nine bytes as they go out. */
  spoil(bytes: number[]): number[] {
    const out = [...bytes]
    if (this.badCrc) out[8] ^= 0x55
    if (this.flipBit !== undefined) out[this.flipBit >> 3] ^= 1 << (this.flipBit & 7)
    return out
  }
}
