/**
 * Fades a pixel strip from whatever it shows to its picture, each byte by itself and in proportion to light. Two copies of the frame are
 * kept. Each step, every 40 ms, loops over the bytes in the interpreter, which bounds the LEDs: docs/drivers.md has blocks and times.
 */
import type { Clock } from "../../hal/clock"
import { fade } from "./fade"

/** What a pixel strip lets a crossfade do. */
export interface Fadable {
  /** What was sent last, and a way to send it again. */
  _frame: Uint8ClampedArray
  _send(): void
  /** The picture as `show` would send it, into `bytes`. */
  _compose(brightness: number, bytes: Uint8ClampedArray): void
  _isFading: boolean
}

/**
 * Returns a `show` that takes `transitionMs`: 400 unless told, 0 for at once. A call takes over from the running fade without a jump;
 * the strip's own `show` ends it. Between two pictures within the budget all steps are, too.
 */
export function crossfade(pixels: Fadable, clock: Clock): (brightness: number, transitionMs?: number) => void {
  const frame = pixels._frame
  const before = new Uint8ClampedArray(frame.length)
  const goal = new Uint8ClampedArray(frame.length)
  const level = [1]
  const whole = [1]
  let isChanged = false

  const blend = (byte: number, i: number) => {
    const mixed = Math.floor(before[i]! + (byte - before[i]!) * level[0]!)
    if (mixed !== frame[i]) isChanged = true
    return mixed
  }
  const start = fade(level, clock, () => {
    if (!pixels._isFading) return
    frame.set(goal.map(blend))
    if (isChanged) pixels._send()
    isChanged = false
  })

  return (brightness, transitionMs) => {
    before.set(frame)
    pixels._compose(brightness, goal)
    pixels._isFading = true
    level[0] = 0
    start(whole, transitionMs)
  }
}
