import { bulbPixels } from "motewire/drivers/bulb-pixels"
import { bulbPwm } from "motewire/drivers/bulb-pwm"
import { blink, breathe, candle, colourLoop, type Effect } from "motewire/drivers/bulb/effects"
import { onOff } from "motewire/drivers/bulb/on-off"
import { grb } from "motewire/drivers/bulb/strip"
import { chase, rainbow } from "motewire/drivers/bulb/strip-effects"
import { hsToRgb, kelvinToRgb } from "motewire/util/colour"
import type { Clock } from "../../../../src/hal/clock"
import { drive } from "./drive"
import { fakePwm, fakeStrip } from "./fake-lamp"

const TURNS = 20

/** A clock that counts turns down and ends the effect with the last: `drive` would let it go on for ever. */
function ending(clock: Clock, left: { turns: number }): Clock {
  return {
    nowMs: clock.nowMs,
    alarm(run) {
      const alarm = clock.alarm(run)
      return {
        set(inMs) {
          if (left.turns-- > 0) alarm.set(inMs)
        },
        clear: alarm.clear,
      }
    },
  }
}

/** Each effect in turn, started and run for some turns, colours and on/off with it. */
export default drive(
  fakePwm,
  (pin, clock) => {
    const left = { turns: 0 }
    const its = ending(clock, left)
    const lamp = bulbPwm(pin, pin, pin, clock)
    const pixels = bulbPixels(fakeStrip(), 6, grb, 500)
    const rgb = [0, 0, 0]
    const show = (brightness: number, transitionMs?: number) =>
      lamp.set(rgb[0]!, rgb[1]!, rgb[2]!, brightness, transitionMs)
    const effects: Effect[] = [
      breathe(show, its, 10, 255, 400),
      blink(show, its, 50, 3),
      colourLoop(
        (hue, transitionMs) => lamp.set(hsToRgb(hue, 90, rgb)[0]!, rgb[1]!, rgb[2]!, 200, transitionMs),
        its,
        600,
      ),
      candle(show, its, 200, Math.random),
      rainbow(pixels, 6, its, 128, 40),
      chase(pixels, 6, its, 2, rgb, 40),
    ]
    return { left, effects, rgb, turnable: onOff(show, 200) }
  },
  ({ left, effects, rgb, turnable }, nth) => {
    for (const effect of effects) effect.stop()
    kelvinToRgb(2000 + nth * 70, rgb)
    turnable.turn(nth % 2 > 0, 40)
    left.turns = TURNS
    effects[nth % effects.length]!.start()
  },
)
