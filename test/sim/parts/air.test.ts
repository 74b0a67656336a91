import { beforeEach, describe, expect, test } from "vitest"
import { Clock } from "../../../sim/clock/clock"
import { Random } from "../../../sim/clock/random"
import { AirSense, SelfHeating } from "../../../sim/parts/air"
import type { Room } from "../../../sim/room"

const HOUR_US = 3_600_000_000
const still: Room = { at: () => ({ temperatureC: 20, humidityPct: 50 }) }
let clock: Clock
let air: AirSense

function place(room = still, seed = 1) {
  clock = new Clock()
  air = new AirSense({ clock, random: new Random(seed), room })
}
beforeEach(() => place())

describe("without lag and noise", () => {
  test("a reading is the room, to the last digit", () => {
    expect(air.read(5)).toEqual({ temperatureC: 20, humidityPct: 50 })
    expect(air.pressure.read(5)).toBe(1013.25) // a room that says nothing of it
  })

  test("what is set by hand stands in the room's place", () => {
    clock.advance(1_000)
    Object.assign(air.temperature, { value: -3.25 })
    expect([air.temperature.value, air.read(1_000).temperatureC]).toEqual([-3.25, -3.25])
  })

  test("offset and drift are added, drift by the hour from when it was set", () => {
    air.temperature.offset = 0.5
    clock.advance(HOUR_US)
    air.temperature.drift = 0.2
    expect(air.temperature.read(2 * HOUR_US)).toBeCloseTo(20.7, 10)
    air.temperature.drift = 0
    expect(air.temperature.read(3 * HOUR_US)).toBe(20.5)
  })

  test("frozen, it keeps the value of that moment, offset and drift included", () => {
    air.temperature.offset = 1
    air.isFrozen = true
    air.temperature.value = 99
    expect(air.read(HOUR_US)).toEqual({ temperatureC: 21, humidityPct: 50 })
    air.isFrozen = false
    expect(air.temperature.read(HOUR_US)).toBe(100)
  })
})

describe("lag", () => {
  beforeEach(() => (air.temperature.lagS = 8))

  test("63 % of a step are felt after the time constant, 95 % after three", () => {
    clock.advance(1_000_000)
    air.temperature.value = 30
    const felt = (s: number) => air.temperature.felt(1_000_000 + s * 1e6)
    expect(felt(0)).toBe(20)
    expect(felt(8)).toBeCloseTo(26.32, 2)
    expect(felt(24)).toBeCloseTo(29.5, 2)
    expect(felt(1_000)).toBeCloseTo(30, 10)
  })

  test("a second step begins where the first one had got to", () => {
    clock.advance(1_000_000)
    air.temperature.value = 30
    clock.advance(8_000_000)
    air.temperature.value = 20
    expect(air.temperature.felt(clock.nowUs)).toBeCloseTo(26.32, 2)
    expect(air.temperature.felt(clock.nowUs + 8_000_000)).toBeCloseTo(22.33, 2)
  })

  test("what is set before the clock turns has been so for long", () => {
    air.temperature.value = 30
    expect(air.temperature.felt(1)).toBe(30)
  })

  test("a room that warms steadily is felt one time constant late", () => {
    const warming: Room = { at: (atUs) => ({ temperatureC: atUs / 60e6, humidityPct: 50 }) }
    place(warming)
    air.temperature.lagS = 60
    // One degree a minute: one degree late. Eight points of the past stand for all of it, hence 5 %.
    expect(air.temperature.felt(HOUR_US)).toBeGreaterThan(59)
    expect(air.temperature.felt(HOUR_US)).toBeLessThan(59.1)
  })

  test("the same instant gives the same value, whatever was asked before", () => {
    const late = air.temperature.felt(HOUR_US)
    for (let atUs = 0; atUs < HOUR_US; atUs += 600e6) air.temperature.felt(atUs)
    expect(air.temperature.felt(HOUR_US)).toBe(late)
  })
})

describe("noise", () => {
  const draw = (seed: number, count = 2_000) => {
    place(still, seed)
    air.temperature.noise = 0.1
    return Array.from({ length: count }, () => air.temperature.read(0) - 20)
  }

  test("has the standard deviation that was asked for, and no bias", () => {
    const drawn = draw(1)
    const mean = drawn.reduce((sum, value) => sum + value) / drawn.length
    const deviation = Math.sqrt(drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length)
    expect(Math.abs(mean)).toBeLessThan(0.008)
    expect(deviation).toBeCloseTo(0.1, 2)
  })

  test("follows from the seed, and one quantity's does not shift another's", () => {
    expect(draw(1, 5)).toEqual(draw(1, 5))
    expect(draw(2, 5)).not.toEqual(draw(1, 5))
    const alone = draw(1, 3)
    place()
    Object.assign(air.temperature, { noise: 0.1 })
    Object.assign(air.humidity, { noise: 1 })
    const mixed = Array.from({ length: 3 }, () => air.read(0).temperatureC - 20)
    expect(mixed).toEqual(alone)
  })

  test("looking at the value draws none", () => {
    air.temperature.noise = 0.1
    expect([air.temperature.value, air.temperature.felt(0)]).toEqual([20, 20])
  })
})

describe("self-heating", () => {
  test("rises to what its power makes of it and falls again, by its time constant", () => {
    const heating = new SelfHeating()
    heating.head(3, 0)
    expect(heating.at(4_000_000)).toBeCloseTo(3 * 0.632, 2)
    expect(heating.at(60_000_000)).toBeCloseTo(3, 3)
    heating.head(0, 60_000_000)
    expect(heating.at(64_000_000)).toBeCloseTo(3 * 0.368, 2)
  })

  test("a pulse ends by itself", () => {
    const heating = new SelfHeating()
    heating.head(60, 0, 1_000_000)
    const peakC = heating.at(1_000_000)
    expect(peakC).toBeCloseTo(60 * (1 - Math.exp(-0.25)), 6)
    expect(heating.at(5_000_000)).toBeCloseTo(peakC * Math.exp(-1), 6)
  })

  test("rises with how often there is a measurement", () => {
    const after = (everyUs: number) => {
      const heating = new SelfHeating()
      for (let atUs = 0; atUs < 60e6; atUs += everyUs) heating.burst(0.46, 15_000, atUs)
      return heating.at(60e6)
    }
    // In the long run the share of time: 15 ms of each 100 ms and of each second.
    expect(after(100_000)).toBeCloseTo(0.46 * 0.15, 2)
    expect(after(1_000_000)).toBeCloseTo(0.46 * 0.015, 2)
    expect(after(100_000)).toBeGreaterThan(after(1_000_000))
  })

  test("a measurement while a heater is on leaves the heater on", () => {
    const heating = new SelfHeating()
    heating.head(3, 0, 50_000_000)
    heating.burst(0.46, 15_000, 20_000_000)
    expect(heating.at(40_000_000)).toBeCloseTo(3, 1)
    heating.burst(0.46, 15_000, 60_000_000)
    expect(heating.at(100_000_000)).toBeCloseTo(0, 2)
  })

  test("makes the air at the sensor drier: at one dew point, 25 °C and 50 % are 30 °C and 37 %", () => {
    place({ at: () => ({ temperatureC: 25, humidityPct: 50 }) })
    air.heating.head(5, 0)
    const { temperatureC, humidityPct } = air.read(HOUR_US)
    expect(temperatureC).toBeCloseTo(30, 3)
    // Saturated vapour is 31.7 hPa at 25 °C and 42.5 hPa at 30 °C (steam tables).
    expect(humidityPct).toBeCloseTo((50 * 31.7) / 42.5, 0)
  })
})
