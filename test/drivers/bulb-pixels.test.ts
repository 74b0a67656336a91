import fc from "fast-check"
import { beforeEach, describe, expect, test } from "vitest"
import { bulbPixels, type PixelStrip } from "../../src/drivers/bulb-pixels"
import { grb, grbw } from "../../src/drivers/bulb/strip"
import { currentMa, FakeStrip } from "../fakes/strip"

let out: FakeStrip
let pixels: PixelStrip
const byte = (level: number) => Math.round(255 * (level / 255) ** 2.2)

function make(leds = 6, order = grb, budgetMa = 10_000): void {
  out = new FakeStrip()
  pixels = bulbPixels(out, leds, order, budgetMa)
}
beforeEach(() => make())

/** "R.G" of a frame of full colours. */
const picture = (frame: number[]) =>
  Array.from({ length: frame.length / 3 }, (_, i) => {
    const [green, red, blue] = frame.slice(3 * i)
    return red ? "R" : green ? "G" : blue ? "B" : "."
  }).join("")

describe("strip of pixels", () => {
  test("is dark from the first moment", () => expect(out.frames.map(picture)).toEqual(["......"]))

  test("shows what was painted when told, and not before", () => {
    pixels.paint(0, 6, 0, 0, 255)
    pixels.paint(1, 2, 255, 0, 0)
    pixels.paint(5, 1, 0, 255, 0)
    expect(out.frames).toHaveLength(1)
    pixels.show(255)
    expect(picture(out.frame)).toBe("BRRBBG")
    expect(out.frame.slice(0, 6)).toEqual([0, 0, 255, 0, 255, 0])
  })

  test.each([1, 2, 3, 5, 59])("turns by %i of 60 and wraps around", (by) => {
    make(60)
    pixels.paint(0, 1, 255, 0, 0)
    pixels.paint(59, 1, 0, 255, 0)
    pixels.turn(by)
    pixels.show(255)
    const dots = [...("R" + ".".repeat(58) + "G")]
    expect(picture(out.frame)).toBe([...dots.slice(60 - by), ...dots.slice(0, 60 - by)].join(""))
  })

  test("paints light, gamma-corrected, and dims the whole picture by brightness", () => {
    pixels.paint(0, 6, 255, 128, 0)
    pixels.show(255)
    expect(out.frame.slice(0, 3)).toEqual([byte(128), 255, 0])
    pixels.show(128)
    expect(out.frame.slice(0, 3)).toEqual([Math.floor(byte(128) * (128 / 255) ** 2.2), 55, 0])
    pixels.show(0)
    expect(picture(out.frame)).toBe("......")
    pixels.show(255)
    expect(out.frame.slice(0, 3)).toEqual([byte(128), 255, 0])
  })

  test("sends nothing for a picture that is shown already", () => {
    pixels.paint(0, 6, 255, 0, 0)
    for (let i = 0; i < 5; i++) pixels.show(255)
    expect(out.frames).toHaveLength(2)
    pixels.turn(1)
    pixels.show(255)
    expect(out.frames).toHaveLength(3)
  })

  test("gives white what the colours have in common on LEDs that have it", () => {
    make(2, grbw)
    pixels.paint(1, 1, 255, 255, 255)
    pixels.show(255)
    expect(out.frame).toEqual([0, 0, 0, 0, 0, 0, 0, 255, 0])
  })

  test("dims a picture above the budget as a whole, and undims what is painted over", () => {
    // At rest 6.96 mA; 60 mA are left for the 180 mA of three white LEDs.
    make(6, grb, 67)
    pixels.paint(0, 3, 255, 255, 255)
    pixels.show(255)
    expect(out.frame).toEqual([...Array(9).fill(85), ...Array(9).fill(0)])
    pixels.paint(1, 2, 0, 0, 0)
    pixels.show(255)
    expect(out.frame.slice(0, 3)).toEqual([255, 255, 255])
  })

  test("never takes more than the budget", () => {
    const level = fc.integer({ min: 0, max: 255 })
    const dab = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 9 }), level, level, level, level)
    fc.assert(
      fc.property(
        fc.array(dab),
        fc.constantFrom(grb, grbw),
        fc.integer({ min: 2, max: 80 }),
        (dabs, order, maOfLed) => {
          make(20, order, 20 * maOfLed)
          for (const [first, count, red, green, blue, brightness] of dabs) {
            pixels.paint(first, count, red, green, blue)
            pixels.turn(count)
            pixels.show(brightness)
            expect(currentMa(out.frame, 20)).toBeLessThanOrEqual(20 * maOfLed)
          }
        },
      ),
    )
  })
})
