/**
 * Lamp of one colour on a PWM pin: an LED strip or module behind a MOSFET. Brightness is perceptual, 0 to 255; the duty is its
 * gamma-corrected light. Espruino's LEDC gives 10 bits at 5 kHz: levels up to 10 are dark. Not for mains dimmers, which want the
 * phase. Nothing blocks; a transition wakes the chip every 40 ms.
 */
import type { Clock } from "../hal/clock"
import type { PwmOut } from "../hal/pin"
import { fade, share } from "./bulb/fade"

export interface DimmedBulb {
  /**
   * Fades from what is shown now. `brightness` 0 to 255, values outside are clipped; `transitionMs` 0 changes at once, 400 unless
   * told. A new call takes over from the running one without a jump.
   */
  set(brightness: number, transitionMs?: number): void
}

/** Dark from the first moment. */
export function bulbDimmer(pin: PwmOut, clock: Clock): DimmedBulb {
  const start = fade([0], clock, (light) => pin.write(light))
  return { set: (brightness, transitionMs) => start([share(brightness)], transitionMs) }
}
