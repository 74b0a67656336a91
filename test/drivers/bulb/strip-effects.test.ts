import { beforeEach, describe, expect, test } from "vitest"
import { bulbPixels, type PixelStrip } from "../../../src/drivers/bulb-pixels"
import { grb } from "../../../src/drivers/bulb/strip"
import { chase, rainbow } from "../../../src/drivers/bulb/strip-effects"
import { FakeClock } from "../../fakes/clock"
import { FakeStrip } from "../../fakes/strip"

let clock: FakeClock
let out: FakeStrip
let pixels: PixelStrip

beforeEach(() => {
  clock = new FakeClock()
  out = new FakeStrip()
  pixels = bulbPixels(out, 6, grb, 1000)
})

const leds = (frame: number[]) => Array.from({ length: 6 }, (_, i) => frame.slice(3 * i, 3 * i + 3))

describe("rainbow", () => {
  test("has all hues in order, and wanders one LED a step", () => {
    rainbow(pixels, 6, clock, 255, 100).start()
    const first = leds(out.frame)
    expect(first).toEqual([
      [0, 255, 0],
      [255, 255, 0],
      [255, 0, 0],
      [255, 0, 255],
      [0, 0, 255],
      [0, 255, 255],
    ])
    clock.advance(100)
    expect(leds(out.frame)).toEqual([first[5], ...first.slice(0, 5)])
    clock.advance(500)
    expect(leds(out.frame)).toEqual(first)
    expect(out.frames).toHaveLength(1 + 7)
  })

  test("is as bright as told", () => {
    rainbow(pixels, 6, clock, 128, 100).start()
    expect(leds(out.frame)[0]).toEqual([0, 56, 0]) // 255 * (128 / 255) ^ 2.2 = 55.98
  })
})

describe("chase", () => {
  const lit = () =>
    leds(out.frame)
      .map(([, red]) => (red ? "#" : "."))
      .join("")

  test("runs along the dark strip and comes in again at its beginning", () => {
    pixels.paint(0, 6, 0, 0, 255)
    chase(pixels, 6, clock, 2, [255, 0, 0], 50).start()
    const seen = [lit()]
    for (let i = 0; i < 6; i++) {
      clock.advance(50)
      seen.push(lit())
    }
    expect(seen).toEqual(["##....", ".##...", "..##..", "...##.", "....##", "#....#", "##...."])
    expect(leds(out.frame)[3]).toEqual([0, 0, 0])
  })

  test("stops where it is, and begins anew when started", () => {
    const effect = chase(pixels, 6, clock, 1, [255, 0, 0], 50)
    effect.start()
    clock.advance(120)
    effect.stop()
    clock.advance(1000)
    expect(lit()).toBe("..#...")
    effect.start()
    expect(lit()).toBe("#.....")
  })
})
