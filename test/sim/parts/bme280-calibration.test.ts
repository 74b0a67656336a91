import { expect, test } from "vitest"
import { EXAMPLE, fineTemperature, humidityPct, invert, pressurePa } from "../../../sim/parts/bme280-calibration"

test("the worked example of the BMP280 datasheet, §3.12: 519888 is 25.08 °C, 415148 is 100653 Pa", () => {
  const fine = fineTemperature(EXAMPLE, 519888)
  expect(fine).toBeCloseTo(128422, -1)
  expect(fine / 5120).toBeCloseTo(25.08, 2)
  expect(pressurePa(EXAMPLE, 415148, fine)).toBeCloseTo(100653.27, 0)
})

test("each compensation rises or falls over all that the converter can give, so that it has an inverse", () => {
  const fine = 25 * 5120
  const steps = Array.from({ length: 64 }, (_, i) => i)
  const rises = (values: number[]) => values.every((value, i) => i === 0 || value > values[i - 1])
  expect(rises(steps.map((i) => fineTemperature(EXAMPLE, i * 16384)))).toBe(true)
  expect(rises(steps.map((i) => -pressurePa(EXAMPLE, i * 16384, fine)))).toBe(true)
  expect(rises(steps.map((i) => humidityPct(EXAMPLE, i * 1024, fine)))).toBe(true)
})

test("invert finds the nearest", () => {
  expect(invert((adc) => adc * 2, 101, 1000)).toBe(50)
  expect(invert((adc) => adc * 2, 101.5, 1000)).toBe(51)
  expect([invert((adc) => adc, -5, 1000), invert((adc) => adc, 5000, 1000)]).toEqual([0, 1000])
})
