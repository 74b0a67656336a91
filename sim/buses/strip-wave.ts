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

/** A high that lasts longer is a 1 (WS2812B-V5 datasheet: T0H 0.22 to 0.38 us, T1H 0.58 to 1 us). */
const THRESHOLD_US = 0.48
/** A low that lasts longer ends a frame (the same: 280 us; SK6812 takes 80). */
const RESET_US = 280

interface StripRun {
  bytes: string
  fromUs: number
  untilUs: number
}

/** What the first LED makes of a wave: bits of whole bytes, in runs with a reset between them. */
export function readStrip(wave: readonly Level[]): StripRun[] {
  const runs: (StripRun & { bits: number[] })[] = []
  let riseUs: number | undefined
  for (const { atUs, level } of wave) {
    if (level === 1) riseUs = atUs
    if (level === 1 || riseUs === undefined) continue
    const isNew = !runs.length || riseUs - runs.at(-1)!.untilUs > RESET_US
    if (isNew) runs.push({ bytes: "", bits: [], fromUs: riseUs, untilUs: atUs })
    const run = runs.at(-1)!
    run.bits.push(atUs - riseUs > THRESHOLD_US ? 1 : 0)
    run.untilUs = atUs
  }
  return runs.map(({ bits, fromUs, untilUs }) => ({ bytes: bytesOf(bits), fromUs, untilUs }))
}

function bytesOf(bits: number[]): string {
  let bytes = ""
  for (let i = 0; i + 8 <= bits.length; i += 8)
    bytes += String.fromCharCode(bits.slice(i, i + 8).reduce((byte, bit) => (byte << 1) | bit, 0))
  return bytes
}
