import type { Level } from "./one-wire-wave"

/** High and low of each bit in microseconds (targets/esp32/esp32_neopixel.c, Espruino 2v29). */
const HIGH_US = [0.35, 0.9]
export const BIT_US = 1.25

/** The level changes of one frame: low before and after it, most significant bit first. Times in fractions of a microsecond. */
export function stripWave(event: { atUs: number; bytes: string }): Level[] {
  const wave: Level[] = []
  for (let i = 0; i < 8 * event.bytes.length; i++) {
    const bit = (event.bytes.charCodeAt(i >> 3) >> (7 - (i & 7))) & 1
    const riseUs = event.atUs + i * BIT_US
    wave.push({ atUs: riseUs, level: 1 }, { atUs: riseUs + HIGH_US[bit], level: 0 })
  }
  return wave
}
