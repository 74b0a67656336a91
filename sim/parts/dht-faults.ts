import { SensorFaults } from "./sensor-faults"

/** Of DHT11 and DHT22. */
export class DhtFaults extends SensorFaults {
  /** What `house.fault` takes for a field that is a number. */
  static readonly limits = { flipBit: [0, 39], shortFrame: [0, 39], drift: [-1e6, 1e6] } as const
  static override readonly texts = {
    ...super.texts,
    badChecksum: "the last byte is not the sum of the others",
    flipBit: "this bit of every answer arrives inverted, 0 the first",
    shortFrame: "it falls silent after so many bits",
  }
  /** The last byte is not the sum of the first four. */
  badChecksum = false
  /** Bit to invert on the wire, 0 (first) to 39. */
  flipBit: number | undefined
  /** Bits after which the sensor falls silent. */
  shortFrame: number | undefined
}
