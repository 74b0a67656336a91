/** What every dimmed lamp shares: levels that move from what is shown now to where they are bound, in steps of an alarm. */
import type { Clock } from "../../hal/clock"

/** 25 steps a second: below the flicker of a fade, and a fifth of what a step costs on the interpreter. */
const STEP_MS = 40
/** Perceived lightness to light: the usual display exponent. */
export const GAMMA = 2.2
const DEFAULT_MS = 400

/**
 * `level` is moved in place: perceptual, 0 to 1 a channel. `show` hears the light of each channel in turn, 0 to 1, at every step
 * and when the lamp is made. The function that is returned fades from what is shown now to `target`, which it keeps, in
 * `transitionMs` (400 unless told), at once for 0, less or NaN; it takes over from a running fade without a jump.
 */
export function fade(
  level: number[],
  clock: Clock,
  show: (light: number, channel: number) => void,
): (target: number[], transitionMs: number | undefined) => void {
  let to = level
  let shownMs: number
  let endMs: number

  const step = () => {
    const nowMs = clock.nowMs()
    const share = nowMs < endMs ? (nowMs - shownMs) / (endMs - shownMs) : 1
    shownMs = nowMs
    level.forEach((value, i) => show(Math.pow((level[i] = value + (to[i]! - value) * share), GAMMA), i))
    if (share < 1) alarm.set(STEP_MS)
  }
  const alarm = clock.alarm(step)
  step()

  return (target, transitionMs) => {
    to = target
    shownMs = clock.nowMs()
    endMs = shownMs + (transitionMs ?? DEFAULT_MS)
    step()
  }
}

/** 0 to 255, what is outside clipped and NaN dark, to 0 to 1. */
export const share = (level: number): number => (level > 0 ? (level < 255 ? level / 255 : 1) : 0)
