/** CRC-8 of Sensirion and Aosong: polynomial 0x31, starts at 0xFF, neither reflected nor inverted (SHT3x-DIS §4.12: BE EF gives 92). */
export function crc8(bytes: number[]): number {
  let crc = 0xff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x80 ? (crc << 1) ^ 0x31 : crc << 1) & 255
  }
  return crc
}

/** 16-bit words as they go over the bus: each followed by its CRC. */
export function wordsWithCrc(words: number[], isBad: boolean): number[] {
  return words.flatMap((word) => {
    const bytes = [word >> 8, word & 255]
    return [...bytes, isBad ? crc8(bytes) ^ 0x55 : crc8(bytes)]
  })
}

/** A value as a share of a span of 2^16 - 1 steps, limited to what a word holds. */
export function ticks(value: number, low: number, span: number): number {
  return Math.min(0xffff, Math.max(0, Math.round(((value - low) / span) * 0xffff)))
}

/** One measurement under way, or done and not read yet. */
export interface Measurement {
  startUs: number
  doneUs: number
  /** Times the noise of the best repeatability, for temperature and humidity. */
  noise: [temperature: number, humidity: number]
  /** The part holds SCL low until it is done, when it is read before. */
  stretches: boolean
}
