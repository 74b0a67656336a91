/** What a wire carries while bytes pass: 1 start bit, 8 data bits, least significant first, no parity, 1 stop bit. */
export const FRAME_BITS = 10

export interface Received {
  byte: number
  /** When its stop bit was looked at. */
  atUs: number
  /** Its stop bit was 0: the receiver is out of step, or its baud rate is another. */
  isBroken: boolean
}

/** Level of each bit of the bytes' frames, back to back. */
export function frameBits(bytes: string): (0 | 1)[] {
  const bits: (0 | 1)[] = []
  for (let i = 0; i < bytes.length; i++) {
    bits.push(0)
    for (let shift = 0; shift < 8; shift++) bits.push(((bytes.charCodeAt(i) >> shift) & 1) as 0 | 1)
    bits.push(1)
  }
  return bits
}

/**
 * What a receiver at `baud` makes of bytes sent at `sentBaud` from `startUs` on: it looks at the middle of each bit, counted from the
 * fall of the start bit, and waits for the next fall once it has looked at the stop bit, or for a rise first where that was 0.
 */
export function receiveFrames(bytes: string, sentBaud: number, startUs: number, baud: number): Received[] {
  const bits = frameBits(bytes)
  const sentBitUs = 1e6 / sentBaud
  const bitUs = 1e6 / baud
  const levelAt = (us: number) => bits[Math.floor(us / sentBitUs)] ?? 1
  const received: Received[] = []
  const fallFrom = (from: number) =>
    bits.findIndex((bit, i) => i >= from && bit === 0 && (i === 0 || bits[i - 1] === 1))
  for (let start = fallFrom(0); start >= 0;) {
    const fallUs = start * sentBitUs
    const stopUs = fallUs + (FRAME_BITS - 0.5) * bitUs
    // A start bit that is over by its middle is noise to the receiver.
    const isNoise = levelAt(fallUs + bitUs / 2) === 1
    let byte = 0
    for (let i = 0; i < 8; i++) byte |= levelAt(fallUs + (i + 1.5) * bitUs) << i
    if (!isNoise) received.push({ byte, atUs: startUs + Math.round(stopUs), isBroken: levelAt(stopUs) === 0 })
    start = fallFrom(isNoise ? start + 1 : Math.floor(stopUs / sentBitUs) + 1)
  }
  return received
}
