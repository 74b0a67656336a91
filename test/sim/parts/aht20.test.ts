import { beforeEach, describe, expect, test } from "vitest"
import { Aht20 } from "../../../sim/parts/aht20"
import { i2cBench, makeIdeal } from "./i2c-bench"

const AT = 0x38
let table: ReturnType<typeof i2cBench<Aht20>>
let sensor: Aht20

beforeEach(() => {
  table = i2cBench((at) => new Aht20(at))
  sensor = table.part
  makeIdeal(sensor.air)
  Object.assign(sensor, { temperatureC: 25, humidityPct: 50 })
  sensor.powerOn()
  table.clock.advance(40_000)
})

/** §6: 50 %RH is 80000 of 2^20, 25 °C is (25 + 50) / 200 of 2^20: 60000. */
const VALUES = "80 00 06 00 00"
const measure = () => table.write(AT, "AC 33 00")!

describe("a measurement, §5.4", () => {
  test("is busy until 80 ms have passed, then has humidity, temperature and CRC", () => {
    const sentUs = measure()
    expect(table.readAt(AT, 7, sentUs + 79_999)).toBe("98 00 00 00 00 00 D9")
    expect(table.readAt(AT, 7, sentUs + 80_000 + 1_000)).toBe(`18 ${VALUES} 23`)
  })

  test("gives the values before while it runs", () => {
    table.readAt(AT, 7, measure() + 80_000)
    sensor.temperatureC = 0
    expect(table.readAt(AT, 6, measure() + 40_000)).toBe(`98 ${VALUES}`)
    table.clock.advance(40_000)
    expect(table.read(AT, 6)).toBe("18 80 00 04 00 00")
  })

  test("a second order while it runs changes nothing", () => {
    const sentUs = measure()
    table.clock.advance(40_000)
    measure()
    expect(table.readAt(AT, 6, sentUs + 80_000)).toBe(`18 ${VALUES}`)
  })

  test.each([
    [-40, 0, "00 00 00 CC CD"],
    [-70, -5, "00 00 00 CC CD"],
    [85, 100, "FF FF FA CC CD"],
    [120, 130, "FF FF FA CC CD"],
  ])("%f °C and %f %%RH are limited to the part's range", (temperatureC, humidityPct, hex) => {
    Object.assign(sensor, { temperatureC, humidityPct })
    expect(table.readAt(AT, 6, measure() + 80_000)).toBe(`18 ${hex}`)
  })
})

describe("status and start", () => {
  test("is read with or without the command 0x71", () => {
    expect(table.read(AT, 1)).toBe("18")
    expect(table.write(AT, "71")).toBeDefined()
    expect(table.read(AT, 1)).toBe("18")
  })

  test("answers 40 ms after power-on, not before", () => {
    sensor.powerOff()
    expect(table.read(AT, 1)).toBe("nack")
    sensor.powerOn()
    const onUs = table.clock.nowUs
    expect(table.readAt(AT, 1, onUs + 39_999)).toBe("nack")
    table.clock.runUntil(onUs + 40_000)
    expect(table.read(AT, 1)).toBe("18")
  })

  test("a part that starts without its calibration bit gets it from BE 08 00", () => {
    sensor.startsCalibrated = false
    sensor.powerOff()
    sensor.powerOn()
    table.clock.advance(40_000)
    expect(table.read(AT, 1)).toBe("10")
    table.write(AT, "BE 08 00")
    table.clock.advance(5_000)
    expect(table.read(AT, 1)).toBe("98")
    table.clock.advance(10_000)
    expect(table.read(AT, 1)).toBe("18")
  })

  test("a soft reset takes 20 ms and forgets the values", () => {
    table.readAt(AT, 7, measure() + 80_000)
    const resetUs = table.write(AT, "BA")!
    expect(table.readAt(AT, 1, resetUs + 19_999)).toBe("nack")
    table.clock.runUntil(resetUs + 20_000)
    expect(table.read(AT, 6)).toBe("18 00 00 00 00 00")
  })

  test("an unknown command is not acknowledged", () => {
    expect(table.write(AT, "12 34")).toBeUndefined()
  })
})

test("badCrc spoils the last byte, flipBit a bit of a value, missing all", () => {
  sensor.faults.badCrc = true
  expect(table.readAt(AT, 7, measure() + 80_000)).toBe(`18 ${VALUES} 76`)
  Object.assign(sensor.faults, { badCrc: false, flipBit: 8 })
  expect(table.read(AT, 7)).toBe("18 00 00 06 00 00 23")
  sensor.faults.missing = true
  expect(table.read(AT, 7)).toBe("nack")
})
