/**
 * Tunable white lamp on two PWM pins (MOSFETs): warm and cold LEDs, whose colour temperatures the caller names. The light
 * stays the same over the whole range: the two duties add up to that of one channel alone, so the supply never feeds both in
 * full. Between them the mix is linear in mired, 1e6 / kelvin, in which equal steps look alike; that both LEDs give the same
 * light is an assumption. Brightness is perceptual, 0 to 255; LEDC has 10 bits at 5 kHz. Nothing blocks.
 */
import type { Clock } from "../hal/clock"
import type { PwmOut } from "../hal/pin"
import { fade, GAMMA, share } from "./bulb/fade"

export interface WhiteBulb {
  /**
   * Fades from what is shown now. `kelvin` outside of the two LEDs is the nearer of them; `brightness` 0 to 255, clipped;
   * `transitionMs` 0 changes at once, 400 unless told. A new call takes over from the running one without a jump.
   */
  set(kelvin: number, brightness: number, transitionMs?: number): void
}

/** Dark from the first moment. `warmK` below `coldK`, such as 2700 and 6500. */
export function bulbWhite(warm: PwmOut, cold: PwmOut, warmK: number, coldK: number, clock: Clock): WhiteBulb {
  let total = 0
  const start = fade([0, 0], clock, (light, i) => {
    if (i) {
      warm.write(total * (1 - light))
      cold.write(total * light)
    } else total = light
  })

  return {
    set(kelvin, brightness, transitionMs) {
      // (1/warm - 1/kelvin) / (1/warm - 1/cold) of it is cold. The root takes back the gamma that `fade` adds.
      const coldShare = share((255 * coldK * (kelvin - warmK)) / (kelvin * (coldK - warmK)))
      start([share(brightness), Math.pow(coldShare, 1 / GAMMA)], transitionMs)
    },
  }
}
