import type { Level } from "./one-wire-wave"

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

/** Level of each bit of the bytes' frames, back to back. */
function frameBits(bytes: string): (0 | 1)[] {
  const bits: (0 | 1)[] = []
  for (let i = 0; i < bytes.length; i++) {
    bits.push(0)
    for (let shift = 0; shift < 8; shift++) bits.push(((bytes.charCodeAt(i) >> shift) & 1) as 0 | 1)
    bits.push(1)
  }
  return bits
}
