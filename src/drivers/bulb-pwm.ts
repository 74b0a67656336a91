/**
 * RGB lamp on three PWM pins (MOSFETs or a common-cathode LED). Colour and brightness are perceptual, 0 to 255 as
 * smart-home tools send them; the duty is their gamma-corrected light. Espruino's LEDC gives 10 bits at 5 kHz: levels
 * up to 10 are dark, and up to 35 neighbours share a duty. A transition wakes the chip every 40 ms and keeps no block.
 */
import type { Clock } from "../hal/clock"
import type { PwmOut } from "../hal/pin"
import type { ColourBulb } from "./bulb/colour"
import { fade, share } from "./bulb/fade"

export function bulbPwm(red: PwmOut, green: PwmOut, blue: PwmOut, clock: Clock): ColourBulb {
  const pins = [red, green, blue]
  const start = fade([0, 0, 0], clock, (light, i) => pins[i]!.write(light))

  return {
    set: (red, green, blue, brightness, transitionMs) =>
      start(
        [red, green, blue].map((channel) => share(channel) * share(brightness)),
        transitionMs,
      ),
  }
}
