import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { comfortColour } from "../../src/apps/comfort"

describe("the colour of a temperature", () => {
  test.each([
    [-40, [0, 0, 255]],
    [16, [0, 0, 255]],
    [19, [0, 255, 255]],
    [22, [0, 255, 0]],
    [25, [255, 255, 0]],
    [28, [255, 0, 0]],
    [80, [255, 0, 0]],
  ])("at %d °C is %j", (temperatureC, colour) => {
    expect(comfortColour(temperatureC)).toEqual(colour)
  })

  test("has whole channels in range, one of them full, and no jumps", () => {
    fc.assert(
      fc.property(fc.double({ min: -60, max: 100, noNaN: true }), (temperatureC) => {
        const colour = comfortColour(temperatureC)
        for (const channel of colour)
          expect(channel === Math.round(channel) && channel >= 0 && channel <= 255).toBe(true)
        expect(Math.max(...colour)).toBe(255)
        comfortColour(temperatureC + 0.1).forEach((channel, i) =>
          expect(Math.abs(channel - colour[i]!)).toBeLessThan(11),
        )
      }),
    )
  })
})
