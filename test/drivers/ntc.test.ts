import { describe, expect, test } from "vitest"
import { E_BUSY, E_RANGE } from "../../src/drivers/errors"
import { ntc, temperatureOf, type NtcOptions } from "../../src/drivers/ntc"
import { FakeClock } from "../fakes/clock"
import { FakeAnalog } from "../fakes/pins"

/** Vishay NTCLE100E3103: 10 kOhm at 25 °C, B25/85 3977 K. */
const VISHAY: NtcOptions = { nominalOhm: 10_000, beta: 3977, resistorOhm: 10_000, supplyV: 3.3, fullScaleV: 3.1 }
const ON_SUPPLY = { ...VISHAY, isOnSupply: true }

function bench(shares: number[], options = VISHAY) {
  const clock = new FakeClock()
  const pin = new FakeAnalog(shares)
  const sensor = ntc(pin, clock, options)
  const readings: number[][] = []
  return { clock, pin, readings, sample: () => sensor.sample((...reading) => void readings.push(reading)) }
}

describe("the equation", () => {
  // Its curve as the maker computes it, which has four coefficients where the equation has one: within 1 °C.
  test.each([
    [0, 32_650],
    [25, 10_000],
    [50, 3_603],
    [85, 1_070],
    [100, 680],
  ])("gives %d °C for %d Ohm, on either side of the divider", (temperatureC, ohm) => {
    const low = ohm / (ohm + VISHAY.resistorOhm)
    expect(Math.abs(temperatureOf(low, VISHAY) - temperatureC)).toBeLessThan(1)
    expect(temperatureOf(1 - low, ON_SUPPLY)).toBeCloseTo(temperatureOf(low, VISHAY), 9)
  })

  test("is exact at 25 °C and at 85 °C, where Beta is measured", () => {
    expect(temperatureOf(0.5, VISHAY)).toBeCloseTo(25, 9)
    const ohm = 10_000 * Math.exp(3977 * (1 / 358.15 - 1 / 298.15))
    expect(temperatureOf(ohm / (ohm + 10_000), VISHAY)).toBeCloseTo(85, 9)
  })
})

describe("a sample", () => {
  test("takes 20 readings 5 ms apart: whole periods of 50 and 60 Hz", () => {
    const { clock, pin, readings, sample } = bench([1.65 / 3.1])
    expect(sample()).toBe(0)
    clock.advance(99)
    expect([pin.reads, readings.length]).toEqual([19, 0])
    clock.advance(1)
    expect([pin.reads, readings[0]![0], readings[0]![1]]).toEqual([20, 0, expect.closeTo(25, 6)])
    expect(clock.nextInMs()).toBeUndefined()
  })

  test.each([50, 60])("is not moved by %d Hz of hum", (hz) => {
    const shares = Array.from({ length: 20 }, (_, at) => 1.65 / 3.1 + 0.1 * Math.sin(2 * Math.PI * hz * at * 0.005 + 1))
    const { clock, readings, sample } = bench(shares)
    sample()
    clock.advance(100)
    expect(readings[0]![1]).toBeCloseTo(25, 6)
  })

  test("knows where the converter begins", () => {
    // ESP32: 0.142 V read as 0, and 3.3 V more would read as 1.
    const { clock, readings, sample } = bench([(1.65 - 0.142) / 3.3], { ...VISHAY, fullScaleV: 3.3, zeroV: 0.142 })
    sample()
    clock.advance(100)
    expect(readings[0]![1]).toBeCloseTo(25, 6)
  })

  test("knows that full scale is not the supply", () => {
    const { clock, readings, sample } = bench([0.5], { ...VISHAY, fullScaleV: 3.3 })
    sample()
    clock.advance(100)
    expect(readings[0]![1]).toBeCloseTo(25, 9)
  })

  test("is busy from the call to the answer, and may be asked again from inside it", () => {
    const clock = new FakeClock()
    const sensor = ntc(new FakeAnalog([0.5]), clock, VISHAY)
    const answers: number[] = []
    sensor.sample(() => answers.push(sensor.sample(() => undefined)))
    answers.push(sensor.sample(() => undefined))
    clock.advance(100)
    expect(answers).toEqual([E_BUSY, 0])
  })
})

describe("failure", () => {
  test.each([
    ["a shorted thermistor, or a broken wire to one on the supply", [0]],
    ["a broken wire, or a shorted thermistor on the supply", [1]],
    ["a pin without a converter", [NaN]],
    ["a contact that is loose for one of twenty readings", [...Array<number>(7).fill(0.5), 1, 0.5]],
  ])("by %s is told", (_what, shares) => {
    for (const options of [VISHAY, ON_SUPPLY]) {
      const { clock, readings, sample } = bench(shares, options)
      sample()
      clock.advance(100)
      expect(readings).toEqual([[E_RANGE, 0]])
    }
  })

  test("does not last", () => {
    const { clock, pin, readings, sample } = bench([0])
    sample()
    clock.advance(100)
    pin.shares = [1.65 / 3.1]
    sample()
    clock.advance(100)
    expect(readings[1]).toEqual([0, expect.closeTo(25, 6)])
  })
})
