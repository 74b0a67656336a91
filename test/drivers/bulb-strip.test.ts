import fc from "fast-check"
import { beforeEach, describe, expect, test } from "vitest"
import { bulbStrip } from "../../src/drivers/bulb-strip"
import type { ColourBulb } from "../../src/drivers/bulb/colour"
import { grb, grbw } from "../../src/drivers/bulb/strip"
import { FakeClock } from "../fakes/clock"
import { currentMa, FakeStrip } from "../fakes/strip"

let clock: FakeClock
let out: FakeStrip
let strip: ColourBulb
const byte = (level: number) => Math.round(255 * (level / 255) ** 2.2)

function make(leds = 5, order = grb, budgetMa = 10_000): void {
  clock = new FakeClock()
  out = new FakeStrip()
  strip = bulbStrip(out, leds, order, budgetMa, clock)
}
beforeEach(() => make())

/** The same LED so many times. */
const times = (leds: number, led: number[]) => Array.from({ length: leds }, () => led).flat()

describe("strip of one colour", () => {
  test("is dark from the first moment, whatever it was", () => expect(out.frames).toEqual([times(5, [0, 0, 0])]))

  test("gives every LED the colour, green first, gamma-corrected", () => {
    strip.set(255, 128, 64, 255, 0)
    expect(out.frame).toEqual(times(5, [byte(128), 255, byte(64)]))
    strip.set(255, 128, 0, 128, 0)
    expect(out.frame).toEqual(times(5, [byte(128 * (128 / 255)), byte(128), 0]))
  })

  test.each([1, 2, 3, 7, 8, 9, 60, 144])("reaches the last of %i LEDs", (leds) => {
    make(leds)
    strip.set(255, 0, 128, 255, 0)
    expect(out.frame).toEqual(times(leds, [0, 255, byte(128)]))
  })

  test.each([
    [1, 6],
    [2, 9],
    [3, 12],
    [4, 18],
  ])("of %i LEDs with white sends %i bytes, those after the last LED zero", (leds, bytes) => {
    make(leds, grbw)
    strip.set(255, 128, 128, 255, 0)
    const rest = Math.round(255 * (1 - (128 / 255) ** 2.2))
    expect(out.frame).toEqual([...times(leds, [0, rest, 0, byte(128)]), ...times(bytes - leds * 4, [0])])
  })

  test("sends nothing when nothing has changed", () => {
    strip.set(255, 0, 0, 255, 0)
    strip.set(255, 0, 0, 255, 0)
    strip.set(255, 0, 0, 255, 400)
    clock.advance(1000)
    expect(out.frames).toHaveLength(2)
    // A slow fade: most of the 251 steps change no byte.
    strip.set(255, 0, 0, 250, 10_000)
    clock.advance(11_000)
    const distinct = new Set(out.frames.map((frame) => frame.join()))
    expect(out.frames).toHaveLength(distinct.size)
    expect(distinct.size).toBeLessThan(20)
  })

  test("fades in steps of 40 ms, takes over without a jump and sleeps at the end", () => {
    strip.set(255, 255, 255, 255, 400)
    clock.advance(200)
    expect(out.frame[0]).toBe(byte(127.5))
    const sent = out.frames.length
    strip.set(0, 0, 0, 255, 400)
    expect(out.frames).toHaveLength(sent)
    clock.advance(600)
    expect(out.frame).toEqual(times(5, [0, 0, 0]))
    expect(clock.nextInMs()).toBeUndefined()
  })

  test("keeps to the current by dimming all channels alike", () => {
    // 10 LEDs at rest 11.6 mA, 100 of 600 mA are left of what white takes.
    make(10, grb, 111.6)
    strip.set(255, 255, 255, 255, 0)
    expect(out.frame).toEqual(times(10, [43, 43, 43])) // 255 / 6 = 42.5
    strip.set(255, 186, 0, 255, 0)
    const [green, red] = out.frame as [number, number]
    expect(red / green).toBeCloseTo(255 / byte(186), 1)
    strip.set(255, 0, 0, 100, 0)
    expect(out.frame).toEqual(times(10, [0, byte(100), 0])) // 24 mA: within it, and not touched
  })

  test("never takes more than the budget, in no colour, at no step, with three channels or four", () => {
    const level = fc.integer({ min: 0, max: 255 })
    const chain = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom(grb, grbw), fc.integer({ min: 2, max: 90 }))
    fc.assert(
      fc.property(chain, level, level, level, level, ([leds, order, maOfLed], red, green, blue, brightness) => {
        make(leds, order, leds * maOfLed)
        strip.set(red, green, blue, brightness, 400)
        clock.advance(500)
        for (const frame of out.frames) expect(currentMa(frame, leds)).toBeLessThanOrEqual(leds * maOfLed)
      }),
    )
  })

  test.each([0, 4, 5.8])("stays dark on a budget of %d mA that not even five dark LEDs leave", (budgetMa) => {
    make(5, grb, budgetMa)
    strip.set(255, 255, 255, 255, 0)
    expect(out.frame).toEqual(times(5, [0, 0, 0]))
  })

  test("takes nonsense for dark, and lives on", () => {
    strip.set(NaN, 300, -1, 255, 0)
    expect(out.frame).toEqual(times(5, [255, 0, 0]))
    strip.set(255, 0, 0, 255, NaN)
    expect(out.frame).toEqual(times(5, [0, 255, 0]))
  })
})
