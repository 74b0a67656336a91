import { bulbPixels } from "../../../src/drivers/bulb-pixels"
import { bulbPwm } from "../../../src/drivers/bulb-pwm"
import { bulbRgbw } from "../../../src/drivers/bulb-rgbw"
import { bulbStrip } from "../../../src/drivers/bulb-strip"
import { bulbWhite } from "../../../src/drivers/bulb-white"
import { crossfade } from "../../../src/drivers/bulb/crossfade"
import { grb, grbw } from "../../../src/drivers/bulb/strip"
import type { Clock } from "../../../src/hal/clock"
import { hsToRgb, kelvinToRgb } from "../../../src/util/colour"
import { handOver } from "./hand-over"

/** A clock whose alarms all ring every 40 ms. */
function steps() {
  let nowMs = 0
  const runs: (() => void)[] = []
  const isSet: boolean[] = []
  const clock: Clock = {
    nowMs: () => nowMs,
    alarm(run) {
      const nth = runs.length
      runs[nth] = run
      return {
        set() {
          isSet[nth] = true
        },
        clear() {
          isSet[nth] = false
        },
      }
    },
  }
  const step = () => {
    nowMs += 40
    runs.forEach((run, nth) => {
      if (!isSet[nth]) return
      isSet[nth] = false
      run()
    })
  }
  return { clock, step }
}

/** What every lamp puts out in some scenes, a line each: the same on the interpreter as on V8, or a driver leans on what only one of them does. */
export function scenes(print: (line: string) => void): void {
  const { clock, step } = steps()
  const strip = (name: string) => ({ write: (bytes: Uint8ClampedArray) => print(name + " " + bytes.join()) })
  const pwm = (name: string) => ({ write: (duty: number) => print(name + " " + Math.round(duty * 10_000)) })

  const rgb = bulbPwm(pwm("red"), pwm("green"), pwm("blue"), clock)
  const rgbw = bulbRgbw(pwm("r"), pwm("g"), pwm("b"), pwm("w"), clock)
  const white = bulbWhite(pwm("warm"), pwm("cold"), 2700, 6500, clock)
  const strips = [bulbStrip(strip("grb"), 7, grb, 200, clock), bulbStrip(strip("grbw"), 4, grbw, 10_000, clock)]
  const dark = bulbStrip(strip("poor"), 2, grb, 0, clock)
  const pixels = bulbPixels(strip("pixels"), 5, grbw, 100)
  const fadeIn = crossfade(pixels, clock)

  for (const [red, green, blue, brightness] of [
    [255, 128, 3, 255],
    [0, 0, 0, 255],
    [400, NaN, 9, 100],
  ] as const) {
    for (const lamp of [rgb, rgbw, strips[0]!, strips[1]!, dark]) lamp.set(red, green, blue, brightness, 100)
    white.set(2600 + 10 * red, brightness, 100)
    pixels.paint(1, 3, red, green, blue)
    pixels.turn(2)
    fadeIn(brightness, 100)
    for (let i = 0; i < 4; i++) step()
  }
  pixels.show(255)
  pixels.turn(4)
  pixels.show(255)
  pixels.show(60)
  rgb.set(1, 2, 3, 255)
  for (let hue = -100; hue < 800; hue += 77) print("hue " + hsToRgb(hue, 70, [0, 0, 0]).map(Math.round).join())
  for (let kelvin = 0; kelvin < 8000; kelvin += 777)
    print("kelvin " + kelvinToRgb(kelvin, [0, 0, 0]).map(Math.round).join())
}

export default () => handOver("scenes", scenes)
