import { FRAME_BITS } from "./serial"
import type { SerialRun } from "./serial"
import { serialWave } from "./serial-wave"

interface Received {
  byte: number
  /** When its start bit began. */
  fallUs: number
  /** When its stop bit was looked at. */
  atUs: number
  /** Its stop bit was 0: the receiver is out of step, or its baud rate is another. */
  isBroken: boolean
}

/**
 * What a receiver at `baud` makes of a run: it looks at the middle of each bit, counted from the fall of the start bit, and waits for
 * the next fall once it has looked at the stop bit, or for a rise first where that was 0.
 */
export function receiveFrames(run: SerialRun, baud: number): Received[] {
  const changes = run.seen ?? serialWave({ ...run, atUs: run.startUs })
  const bitUs = 1e6 / baud
  const received: Received[] = []
  let at = 0
  // Of the changes up to an instant the last one counts; instants come in order.
  const levelAt = (us: number) => {
    while (at < changes.length && changes[at].atUs <= us) at++
    return changes[at - 1]?.level ?? 1
  }
  for (;;) {
    while (at < changes.length && changes[at].level === 1) at++
    if (at >= changes.length) return received
    const fallUs = changes[at].atUs
    // A start bit that is over by its middle is noise to the receiver.
    if (levelAt(fallUs + bitUs / 2) === 1) continue
    let byte = 0
    for (let i = 0; i < 8; i++) byte |= levelAt(fallUs + (i + 1.5) * bitUs) << i
    const stopUs = fallUs + (FRAME_BITS - 0.5) * bitUs
    received.push({ byte, fallUs, atUs: Math.round(stopUs), isBroken: levelAt(stopUs) === 0 })
  }
}
