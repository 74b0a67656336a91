import { describe, expect, test } from "vitest"
import { rgbOfKelvin } from "../../../sim/parts/light"
import { WhiteLed } from "../../../sim/parts/white-led"
import { bench } from "./bench"

function led(warm: number, cold: number, options = {}) {
  const table = bench(1, undefined, options)
  const part = new WhiteLed(table.place)
  part.powerOn()
  for (const [role, duty] of Object.entries({ warm, cold }))
    table.net(role).drive(table.host, { kind: "pwm", duty, frequencyHz: 5000 })
  return part
}

describe("kelvin and light of the mixture", () => {
  test.each([
    [1, 0, 2700, 1],
    [0, 0.5, 6500, 0.5],
    [0.5, 0.5, 3815, 1], // the mean of 370.4 and 153.8 mired is 262.1
    [0.75, 0.25, 3162, 1],
    [0, 0, 0, 0],
  ])("warm %f and cold %f", (warm, cold, kelvin, light) => {
    const part = led(warm, cold)
    expect([part.kelvin, part.light]).toEqual([kelvin, light])
  })

  test("with other LEDs", () => {
    const options = { warmK: 2200, coldK: 4000 }
    expect([led(1, 0, options).kelvin, led(0, 1, options).kelvin]).toEqual([2200, 4000])
  })
})

test("its swatch is orange when warm, near white at 6500 K and dark without light", () => {
  const warm = led(1, 0).swatch
  expect(warm.red).toBe(255)
  expect(warm.red).toBeGreaterThan(warm.green + 40)
  expect(warm.green).toBeGreaterThan(warm.blue + 40)
  const cold = led(0, 1).swatch
  expect(Math.min(cold.red, cold.green, cold.blue)).toBeGreaterThan(240)
  expect(led(0, 0).swatch).toEqual({ red: 0, green: 0, blue: 0 })
})

test("colours of black bodies run from red to blue", () => {
  const [candle, noon, sky] = [1900, 5500, 15_000].map(rgbOfKelvin)
  expect(candle.blue).toBeLessThan(0.05)
  expect(noon.red).toBe(1)
  expect(sky.blue).toBe(1)
  expect(sky.red).toBeLessThan(0.7)
})

test("draws 350 mA an LED", () => {
  expect(led(1, 0.5).currentMa()).toBe(525)
})
