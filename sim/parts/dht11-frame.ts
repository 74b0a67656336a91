import type { Net } from "../pins/net"
import type { AirSense } from "./air"
import { WireShort } from "./wire-faults"

/** Each field is one thing that goes wrong in the field; several may be set, and each may be taken back. */
export class Dht11Faults {
  static readonly limits = { flipBit: [0, 39], shortFrame: [0, 39], drift: [-1000, 1000] }
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
    return this.air.temperature.isFrozen
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

/**
 * 40 bits: humidity, temperature, each a whole byte and one behind the point, and their sum. The sheet's resolution is 1, and so
 * both bytes behind the point are 0; later DHT11 fill the temperature's with tenths, which a reader may use or not.
 */
export function encodeDht11(
  air: { temperatureC: number; humidityPct: number },
  faults: Pick<Dht11Faults, "badChecksum" | "flipBit">,
): number[] {
  const humidity = Math.round(Math.min(90, Math.max(20, air.humidityPct)))
  const temperature = Math.round(Math.min(50, Math.max(0, air.temperatureC)))
  const sum = (humidity + temperature) & 255
  const bytes = [humidity, 0, temperature, 0, faults.badChecksum ? sum ^ 0x55 : sum]
  const bits = bytes.flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((shift) => (byte >> shift) & 1))
  if (faults.flipBit !== undefined) bits[faults.flipBit] ^= 1
  return bits
}
