import { beforeEach, describe, expect, test } from "vitest"
import { Sht4x } from "../../../sim/parts/sht4x"
import { i2cBench, makeIdeal } from "./i2c-bench"

const AT = 0x44
let table: ReturnType<typeof i2cBench<Sht4x>>
let sensor: Sht4x

function place(options = {}, seed = 1) {
  table = i2cBench((at) => new Sht4x(at), options, seed)
  sensor = table.part
  makeIdeal(sensor.air)
  sensor.conversion = "slowest"
  Object.assign(sensor, { temperatureC: 25, humidityPct: 50 })
  sensor.powerOn()
  table.clock.advance(1_000)
}
beforeEach(() => place())

/** 25 °C is (25 + 45) / 175 * 65535 = 6666; 50 %RH is (50 + 6) / 125 * 65535 = 72B0 (§4.6). */
const VALUES = "66 66 93 72 B0 DC"
const order = (hex: string) => table.write(AT, hex)!

describe("a measurement, §4.5", () => {
  test.each([
    ["FD", 8_300],
    ["F6", 4_500],
    ["E0", 1_600],
  ])("%s is refused a read until its maximum of table 5 has passed, and read once", (command, maxUs) => {
    expect(table.readAt(AT, 6, order(command) + maxUs - 1)).toBe("nack")
    place()
    expect(table.readAt(AT, 6, order(command) + maxUs)).toBe(VALUES)
    expect(table.read(AT, 6)).toBe("nack")
  })

  test("while it runs no command is taken", () => {
    order("FD")
    table.clock.advance(5_000)
    expect(table.write(AT, "FD")).toBeUndefined()
  })

  test.each([
    [-45, -6, "00 00 81 00 00 81"],
    [130, 119, "FF FF AC FF FF AC"],
    [25, 0, "66 66 93 0C 4A D3"],
    [200, 200, "FF FF AC FF FF AC"],
  ])("%f °C and %f %%RH: below 0 and above 100 %%RH are not cut off", (temperatureC, humidityPct, hex) => {
    Object.assign(sensor, { temperatureC, humidityPct })
    expect(table.readAt(AT, 6, order("FD") + 8_300)).toBe(hex)
  })
})

describe("heater, §4.9", () => {
  test.each([
    ["39", 1_100_000, 13, 15],
    ["32", 110_000, 1.5, 1.8],
    ["2F", 1_100_000, 7, 9],
    ["24", 110_000, 0.8, 1],
    ["1E", 1_100_000, 1.2, 1.6],
    ["15", 110_000, 0.1, 0.2],
  ])("%s heats for its time and measures at its end", (command, maxUs, least, most) => {
    sensor.air.heating.tauS = 4
    const endUs = order(command) + maxUs
    expect(table.readAt(AT, 6, endUs - 1)).toBe("nack")
    table.clock.runUntil(endUs)
    const [high, low] = table.read(AT, 6).split(" ")
    const riseC = (parseInt(high + low, 16) / 65535) * 175 - 45 - 25
    expect(riseC).toBeGreaterThan(least)
    expect(riseC).toBeLessThan(most)
  })

  test("goes off with the pulse, whether it is read or not", () => {
    sensor.air.heating.tauS = 4
    order("39")
    table.clock.advance(41_100_000)
    expect(table.readAt(AT, 2, order("FD") + 8_300)).toMatch(/^66 [67]/)
  })
})

test("the serial number is there at once, and is another in another part", () => {
  order("89")
  const [a, b, crc, c, d] = table.read(AT, 6).split(" ")
  expect(parseInt(a + b + c + d, 16)).toBe(sensor.serialNumber)
  expect(crc).toHaveLength(2)
  const first = sensor.serialNumber
  place({}, 2)
  expect(sensor.serialNumber).not.toBe(first)
})

test("a soft reset ends a measurement's result and takes 1 ms", () => {
  const resetUs = order("94")
  table.clock.runUntil(resetUs + 999 - 85)
  expect(table.write(AT, "FD")).toBeUndefined()
  table.clock.runUntil(resetUs + 1_000)
  expect(table.write(AT, "FD")).toBeDefined()
})

test("an unknown command is not acknowledged", () => {
  expect(table.write(AT, "12")).toBeUndefined()
})

test("answers 1 ms after power-on, and loses what it measured with its power", () => {
  order("FD")
  sensor.powerOff()
  expect(table.read(AT, 6)).toBe("nack")
  sensor.powerOn()
  expect(table.write(AT, "FD")).toBeUndefined()
  table.clock.advance(10_000)
  expect(table.read(AT, 6)).toBe("nack")
})

test("badCrc spoils check bytes of values and serial number", () => {
  sensor.faults.badCrc = true
  expect(table.readAt(AT, 6, order("FD") + 8_300)).toBe("66 66 C6 72 B0 89")
})

test("0x45 and 0x46 are other types of it", () => {
  place({ address: "0x46" })
  expect([order("FD"), table.write(0x46, "FD") !== undefined]).toEqual([undefined, true])
})
