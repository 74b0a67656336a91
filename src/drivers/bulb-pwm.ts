/**
 * RGB lamp on three PWM pins (MOSFETs or a common-cathode LED). Colour and brightness are perceptual, 0 to 255 as
 * smart-home tools send them; the duty is their gamma-corrected light. Espruino's LEDC gives 10 bits at 5 kHz: levels
 * up to 10 are dark, and up to 35 neighbours share a duty. A transition wakes the chip every 40 ms and keeps no block.
 */
import type { Clock } from "../hal/clock"
import type { PwmOut } from "../hal/pin"

/** 25 steps a second: below the flicker of a fade, and a fifth of what a step costs on the interpreter. */
const STEP_MS = 40
/** Perceived lightness to light: the usual display exponent. */
const GAMMA = 2.2

export interface Bulb {
  /**
   * Fades from what is shown now. Colour channels and `brightness` 0 to 255, values outside are clipped;
   * `transitionMs` 0 changes at once. A new call takes over from the running one without a jump.
   */
  set(red: number, green: number, blue: number, brightness: number, transitionMs?: number): void
}

export function bulbPwm(red: PwmOut, green: PwmOut, blue: PwmOut, clock: Clock): Bulb {
  const pins = [red, green, blue]
  const from = [0, 0, 0]
  const level = [0, 0, 0]
  const to = [0, 0, 0]
  let startMs = 0
  let durationMs = 0

  const step = () => {
    const passed = durationMs > 0 ? Math.min(1, (clock.nowMs() - startMs) / durationMs) : 1
    pins.forEach((pin, i) => {
      level[i] = from[i]! + (to[i]! - from[i]!) * passed
      pin.write(Math.pow(level[i]! / 255, GAMMA))
    })
    if (passed < 1) alarm.set(STEP_MS)
  }
  const alarm = clock.alarm(step)
  // Dark from the first moment: an undriven gate may glow.
  step()

  return {
    set(red, green, blue, brightness, transitionMs = 400) {
      ;[red, green, blue].forEach((channel, i) => {
        from[i] = level[i]!
        to[i] = (clip(channel) * clip(brightness)) / 255
      })
      startMs = clock.nowMs()
      durationMs = transitionMs
      step()
    },
  }
}

const clip = (value: number): number => (value > 0 ? Math.min(255, value) : 0)
