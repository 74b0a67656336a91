import { describe, expect, test } from "vitest"
import { adcNoise, rawOf } from "../../../sim/buses/adc"
import { Random } from "../../../sim/clock/random"

const raw = (volts: number) => rawOf(volts, "11dB", "ESP32")

describe("at 11 dB, against Espressif's own curve for 1100 mV (esp_adc_cal_esp32.c)", () => {
  test.each([
    [0, 0],
    [0.142, 0], // the offset: below it the converter sees nothing
    [(142 + 0.80557 * 1000) / 1000, 1000], // 1100 x 196602 / 2^28 mV a step
    [2.4535, 2880], // where the bend begins: the mean of 2240 and 2667
    [2.932, 3648], // 12 steps on: the mean of 2832 and 3032
    [2.94775, 3680], // half way to 2963.5
    [3.1345, 4095],
    [3.3, 4095],
  ])("%f V read %i", (volts, expected) => {
    expect(raw(volts)).toBeCloseTo(expected, 0)
  })

  test("never falls with the voltage", () => {
    const readings = Array.from({ length: 331 }, (_, i) => raw(i / 100))
    expect(readings.every((value, i) => i === 0 || value >= readings[i - 1])).toBe(true)
  })
})

test("less attenuation has a smaller full scale", () => {
  expect(rawOf(1.039, "0dB", "ESP32")).toBeCloseTo(4095, -1)
  expect(rawOf(1.0, "2.5dB", "ESP32")).toBeLessThan(rawOf(1.0, "0dB", "ESP32"))
  expect(rawOf(1.0, "6dB", "ESP32")).toBeLessThan(rawOf(1.0, "2.5dB", "ESP32"))
})

test("noise is a few steps around nothing, and the same for the same seed", () => {
  const draw = (seed: number) => {
    const random = new Random(seed)
    return Array.from({ length: 2000 }, () => adcNoise(random))
  }
  const noise = draw(1)
  const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length
  const deviation = Math.sqrt(noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length)
  expect(Math.abs(mean)).toBeLessThan(0.4)
  expect(deviation).toBeGreaterThan(3.5)
  expect(deviation).toBeLessThan(4.5)
  expect(draw(1)).toEqual(noise)
  expect(draw(2)).not.toEqual(noise)
})
