import type { Random } from "../clock/random"
import type { DhtFaults } from "./dht-faults"

export type Dht22Timing = "typical" | "fastest" | "slowest" | "jitter"

/** Minimum, typical and maximum in microseconds (AM2302 datasheet, single-bus signal characteristics). */
const GO_US = [20, 30, 40]
const RESPONSE_LOW_US = [75, 80, 85]
const RESPONSE_HIGH_US = [75, 80, 85]
const BIT_LOW_US = [48, 50, 55]
const ZERO_HIGH_US = [22, 26, 30]
const ONE_HIGH_US = [68, 70, 75]
const END_LOW_US = [45, 50, 55]

export function encodeDht22(
  air: { temperatureC: number; humidityPct: number },
  faults: Pick<DhtFaults, "badChecksum" | "flipBit">,
): number[] {
  const humidity = Math.round(Math.min(100, Math.max(0, air.humidityPct)) * 10)
  const temperature = Math.round(Math.min(80, Math.max(-40, air.temperatureC)) * 10)
  // The sign is bit 15 of a magnitude, not two's complement.
  const signed = Math.abs(temperature) | (temperature < 0 ? 0x8000 : 0)
  const bytes = [humidity >> 8, humidity & 255, signed >> 8, signed & 255]
  const sum = (bytes[0] + bytes[1] + bytes[2] + bytes[3]) & 255
  bytes.push(faults.badChecksum ? sum ^ 0x55 : sum)
  const bits = bytes.flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((shift) => (byte >> shift) & 1))
  if (faults.flipBit !== undefined) bits[faults.flipBit] ^= 1
  return bits
}

/** Lengths of the levels, starting with the high that precedes the response: an edge comes at the end of each. */
export function dht22Pulses(bits: number[], timing: Dht22Timing, random: Random): number[] {
  const length = ([low, typical, high]: number[]) => {
    if (timing === "jitter") return Math.round(random.between(low, high))
    return timing === "fastest" ? low : timing === "slowest" ? high : typical
  }
  const pulses = [length(GO_US), length(RESPONSE_LOW_US), length(RESPONSE_HIGH_US)]
  for (const bit of bits) pulses.push(length(BIT_LOW_US), length(bit ? ONE_HIGH_US : ZERO_HIGH_US))
  pulses.push(length(END_LOW_US))
  return pulses
}
