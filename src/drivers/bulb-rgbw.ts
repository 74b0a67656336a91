/**
 * RGBW lamp on four PWM pins (MOSFETs). The light that red, green and blue have in common is given to the white LED, which makes
 * it with a third of the power and a fuller spectrum; that its white is theirs is an assumption. Colour and brightness are
 * perceptual, 0 to 255. Four of the five pins that Espruino's LEDC has at 5 kHz and 10 bits. Nothing blocks.
 */
import type { Clock } from "../hal/clock"
import type { PwmOut } from "../hal/pin"
import type { ColourBulb } from "./bulb/colour"
import { fade, share } from "./bulb/fade"

/** Dark from the first moment. */
export function bulbRgbw(red: PwmOut, green: PwmOut, blue: PwmOut, white: PwmOut, clock: Clock): ColourBulb {
  const pins = [red, green, blue]
  const lights = [0, 0, 0]
  const start = fade([0, 0, 0], clock, (light, i) => {
    lights[i] = light
    if (i < 2) return
    const common = Math.min(lights[0]!, lights[1]!, light)
    pins.forEach((pin, k) => pin.write(lights[k]! - common))
    white.write(common)
  })

  return {
    set: (red, green, blue, brightness, transitionMs) =>
      start(
        [red, green, blue].map((channel) => share(channel) * share(brightness)),
        transitionMs,
      ),
  }
}
