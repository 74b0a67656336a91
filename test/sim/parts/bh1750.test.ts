import { beforeEach, describe, expect, test } from "vitest"
import { Bh1750 } from "../../../sim/parts/bh1750"
import { syntheticRoom } from "../../../sim/room"
import { bench } from "./bench"
import { i2cBench } from "./i2c-bench"

const AT = 0x23
let table: ReturnType<typeof i2cBench<Bh1750>>
let sensor: Bh1750

function place(options = {}) {
  table = i2cBench((at) => new Bh1750(at), options)
  sensor = table.part
  sensor.conversion = "slowest"
  sensor.lux = 500
  sensor.powerOn()
}
beforeEach(() => place())

const order = (hex: string) => table.write(AT, hex)!

describe("a measurement", () => {
  // 500 lx * 1.2 = 600 = 0258; in H2 twice that.
  test.each([
    ["10", 180_000, "02 58"],
    ["11", 180_000, "04 B0"],
    ["13", 24_000, "02 58"],
    ["20", 180_000, "02 58"],
    ["21", 180_000, "04 B0"],
    ["23", 24_000, "02 58"],
  ])("%s has ended at its maximum and not 1 us before", (command, maxUs, hex) => {
    expect(table.readAt(AT, 2, order(command) + maxUs - 1)).toBe("00 00")
    place()
    expect(table.readAt(AT, 2, order(command) + maxUs)).toBe(hex)
  })

  test("takes 120 ms typically, 16 ms in L mode", () => {
    sensor.conversion = "typical"
    const sentUs = order("13")
    expect(table.readAt(AT, 2, sentUs + 15_999)).toBe("00 00")
    expect(table.readAt(AT, 2, sentUs + 16_000 + 300)).toBe("02 58")
    expect(table.readAt(AT, 2, order("10") + 120_000)).toBe("02 58")
  })

  test("continuous ones follow the light, single ones do not and leave the part powered down", () => {
    const readAfterChange = (command: string) => {
      sensor.lux = 500
      table.readAt(AT, 2, order(command) + 180_000)
      sensor.lux = 100
      table.clock.advance(400_000)
      return table.read(AT, 2)
    }
    expect(readAfterChange("10")).toBe("00 78")
    expect(readAfterChange("20")).toBe("02 58")
    order("07") // not accepted in power-down
    expect(table.read(AT, 2)).toBe("02 58")
  })

  test.each([
    [0, "00 00"],
    [-3, "00 00"],
    [0.84, "00 01"],
    [54_612.5, "FF FF"],
    [100_000, "FF FF"],
  ])("%f lx reads %s: 0.83 lx a count, at most 65535", (lux, hex) => {
    sensor.lux = lux
    expect(table.readAt(AT, 2, order("10") + 180_000)).toBe(hex)
  })

  test("L mode sees steps of 4 lx", () => {
    sensor.lux = 503
    expect(table.readAt(AT, 2, order("13") + 24_000)).toBe("02 58")
  })

  test("MTreg 254 is 3.68 times as sensitive and as slow, 31 takes in more light", () => {
    // 254 = 111_11110: high bits 01000_111 = 47, low bits 011_11110 = 7E.
    order("47")
    order("7E")
    const sentUs = order("10")
    const lengthUs = Math.round((180_000 * 254) / 69)
    expect(table.readAt(AT, 2, sentUs + lengthUs - 1)).toBe("00 00")
    table.clock.runUntil(sentUs + lengthUs)
    expect(table.read(AT, 2)).toBe("08 A0") // 500 * 1.2 * 254 / 69 = 2208
    order("40")
    order("7F")
    sensor.lux = 100_000
    expect(table.readAt(AT, 2, order("10") + 180_000)).toBe("D2 99") // 100000 * 1.2 * 31 / 69 = 53913.04
  })
})

describe("states", () => {
  test("power-down stops measuring and keeps the last value; reset clears it when powered on", () => {
    table.readAt(AT, 2, order("10") + 180_000)
    order("00")
    sensor.lux = 100
    table.clock.advance(1_000_000)
    expect(table.read(AT, 2)).toBe("02 58")
    order("07")
    expect(table.read(AT, 2)).toBe("02 58")
    order("01")
    order("07")
    expect(table.read(AT, 2)).toBe("00 00")
  })

  test("an instruction that the datasheet does not list is acknowledged and does nothing", () => {
    expect(order("12")).toBeDefined()
    table.clock.advance(400_000)
    expect(table.read(AT, 2)).toBe("00 00")
  })

  test("a brown-out loses value, mode and MTreg; nobody answers without power", () => {
    order("47")
    order("10")
    table.clock.advance(1_000_000)
    sensor.powerOff()
    expect(table.read(AT, 2)).toBe("nack")
    sensor.powerOn()
    table.clock.advance(1_000_000)
    expect(table.read(AT, 2)).toBe("00 00")
    expect(table.readAt(AT, 2, order("20") + 180_000)).toBe("02 58")
  })
})

test("faults: missing, frozen, drift in lx an hour, a flipped bit", () => {
  const measured = () => table.readAt(AT, 2, order("20") + 180_000)
  sensor.faults.flipBit = 0
  expect(measured()).toBe("82 58")
  sensor.faults.flipBit = undefined
  sensor.faults.frozen = true
  sensor.lux = 1
  expect(measured()).toBe("02 58")
  sensor.faults.frozen = false
  sensor.faults.drift = 10
  table.clock.advance(36_000_000_000)
  expect(measured()).toBe("00 79") // 1 + 100 lx
  sensor.faults.missing = true
  expect(table.read(AT, 2)).toBe("nack")
})

test("sees the room's daylight until its light is set by hand: bright at noon, dark at night", () => {
  const day = bench(1, syntheticRoom(1))
  const own = new Bh1750(day.place)
  day.clock.runUntil(4 * 3_600_000_000) // starts at 08:00
  expect(own.lux).toBeGreaterThan(400)
  day.clock.runUntil(14 * 3_600_000_000)
  expect(own.values()).toEqual({ lux: 0 })
})

test("0x5C with ADDR high", () => {
  place({ address: "0x5C" })
  expect([table.read(0x23, 2), table.read(0x5c, 2)]).toEqual(["nack", "00 00"])
})
