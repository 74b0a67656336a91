import fc from "fast-check"
import { beforeEach, expect, test } from "vitest"
import { bulbRgbw } from "../../src/drivers/bulb-rgbw"
import type { ColourBulb } from "../../src/drivers/bulb/colour"
import { FakeClock } from "../fakes/clock"
import { FakePwm } from "../fakes/pins"

let clock: FakeClock
let pins: FakePwm[]
let bulb: ColourBulb
const light = (level: number) => (level / 255) ** 2.2
const duties = () => pins.map((pin) => pin.duty)

function make(): void {
  clock = new FakeClock()
  pins = [new FakePwm(), new FakePwm(), new FakePwm(), new FakePwm()]
  bulb = bulbRgbw(pins[0]!, pins[1]!, pins[2]!, pins[3]!, clock)
}
beforeEach(make)

test("is dark from the first moment", () => expect(duties()).toEqual([0, 0, 0, 0]))

test.each([
  ["white is the white LED alone", [255, 255, 255, 255], [0, 0, 0, 1]],
  ["a pure colour leaves it dark", [255, 0, 0, 255], [1, 0, 0, 0]],
  ["yellow has no white in it", [255, 255, 0, 255], [1, 1, 0, 0]],
  ["a pale colour is white and the rest of it", [255, 128, 128, 255], [1 - light(128), 0, 0, light(128)]],
  ["a dim one is that, dimmed", [255, 255, 255, 128], [0, 0, 0, light(128)]],
])("%s", (_, [red, green, blue, brightness], expected) => {
  bulb.set(red!, green!, blue!, brightness!, 0)
  duties().forEach((duty, i) => expect(duty).toBeCloseTo(expected[i]!, 12))
})

test("the white LED and each colour add up to the light that was asked for, one colour dark, at every step", () => {
  const level = fc.integer({ min: 0, max: 255 })
  fc.assert(
    fc.property(level, level, level, level, fc.integer({ min: 0, max: 600 }), (red, green, blue, brightness, atMs) => {
      make()
      bulb.set(red, green, blue, brightness, 500)
      clock.advance(atMs)
      const [r, g, b, white] = duties()
      expect(Math.min(r!, g!, b!)).toBe(0)
      const passed = atMs < 480 ? (Math.floor(atMs / 40) * 40) / 500 : atMs < 520 ? 0.96 : 1
      for (const [duty, channel] of [
        [r!, red],
        [g!, green],
        [b!, blue],
      ] as const)
        expect(duty + white!).toBeCloseTo(light(((channel * brightness) / 255) * passed), 9)
    }),
  )
})
