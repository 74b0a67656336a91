import type { AirSense } from "./air"

/** Each field is one thing that goes wrong in the field; several may be set. */
export class Dht22Faults {
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
  private isStuckLow = false
  private isStuckHigh = false

  /** `onStuck` runs when the wire itself changes; the other faults show in the next answer. */
  constructor(
    private readonly onStuck: () => void,
    private readonly air: AirSense,
  ) {}

  /** It goes on measuring and always finds what it found last. */
  get frozen(): boolean {
    return this.air.isFrozen
  }
  set frozen(isOn: boolean) {
    this.air.isFrozen = isOn
  }

  /** °C per hour, added from when it is set. */
  get drift(): number {
    return this.air.temperature.drift
  }
  set drift(perHour: number) {
    this.air.temperature.drift = perHour
  }

  /** The wire is shorted to ground. */
  get stuckLow(): boolean {
    return this.isStuckLow
  }
  set stuckLow(isOn: boolean) {
    this.isStuckLow = isOn
    this.onStuck()
  }

  /** The wire is shorted to the supply. */
  get stuckHigh(): boolean {
    return this.isStuckHigh
  }
  set stuckHigh(isOn: boolean) {
    this.isStuckHigh = isOn
    this.onStuck()
  }
}
