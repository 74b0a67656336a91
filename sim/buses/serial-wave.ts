import type { Level } from "./one-wire-wave"
import { frameBits } from "./serial-frame"

/** The level changes of a run of bytes: the line is high before the first of them and after the last. */
export function serialWave(event: { atUs: number; baud: number; bytes: string }): Level[] {
  const wave: Level[] = []
  let before: 0 | 1 = 1
  frameBits(event.bytes).forEach((level, i) => {
    if (level !== before) wave.push({ atUs: event.atUs + (i * 1e6) / event.baud, level })
    before = level
  })
  return wave
}
