import type { DhtFaults } from "./dht-faults"

/**
 * 40 bits: humidity, temperature, each a whole byte and one behind the point, and their sum. The sheet's resolution is 1, and so
 * both bytes behind the point are 0; later DHT11 fill the temperature's with tenths, which a reader may use or not.
 */
export function encodeDht11(
  air: { temperatureC: number; humidityPct: number },
  faults: Pick<DhtFaults, "badChecksum" | "flipBit">,
): number[] {
  const humidity = Math.round(Math.min(90, Math.max(20, air.humidityPct)))
  const temperature = Math.round(Math.min(50, Math.max(0, air.temperatureC)))
  const sum = (humidity + temperature) & 255
  const bytes = [humidity, 0, temperature, 0, faults.badChecksum ? sum ^ 0x55 : sum]
  const bits = bytes.flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((shift) => (byte >> shift) & 1))
  if (faults.flipBit !== undefined) bits[faults.flipBit] ^= 1
  return bits
}
