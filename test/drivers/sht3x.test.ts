import { beforeEach, describe, expect, test } from "vitest"
import { E_BUSY, E_CHECKSUM, E_NO_ANSWER, E_NOT_READY, E_SHORT_FRAME } from "../../src/drivers/errors"
import {
  EVERY_1_S,
  HEATER_OFF,
  HEATER_ON,
  humidityOf,
  IS_HEATING,
  sht3x,
  sht3xCommand,
  sht3xPeriodic,
  sht3xStatus,
  STOP,
  WAS_RESET,
} from "../../src/drivers/sht3x"
import { temperatureOf, wordsError } from "../../src/drivers/sensirion/words"
import { FakeClock } from "../fakes/clock"
import { FakeI2c } from "../fakes/i2c"

const ADDRESS = 0x44
/** Words 0x6666 (25 °C) and 0x8000 (50.00 %), with checksums that were computed apart. */
const READING = [0x66, 0x66, 0x93, 0x80, 0x00, 0xa2]
const SPOILT = [0x66, 0x67, 0x93, 0x80, 0x00, 0xa2]

let clock: FakeClock
let bus: FakeI2c
let readings: number[][]

const onReading = (...reading: number[]) => void readings.push(reading)

beforeEach(() => {
  clock = new FakeClock(500)
  bus = new FakeI2c(clock)
  readings = []
})

describe("decoding", () => {
  test.each([
    ["the coldest and driest", 0, -45, 0],
    ["the hottest and wettest", 0xffff, 130, 100],
    ["zero", 0x41d4, 0, 25.714],
    ["a step below zero", 0x41d3, -0.002, 25.713],
    ["a room", 0x6666, 25, 40],
  ])("%s", (_what, word, temperatureC, humidityPct) => {
    expect([temperatureOf(word), humidityOf(word)]).toEqual([
      expect.closeTo(temperatureC, 2),
      expect.closeTo(humidityPct, 2),
    ])
  })

  test.each([
    // SHT3x-DIS datasheet, section 4.12: the CRC of 0xBEEF is 0x92.
    ["the datasheet's example", [0xbe, 0xef, 0x92, 0xbe, 0xef, 0x92], 0],
    ["a wrong first checksum", [0xbe, 0xef, 0x93, 0xbe, 0xef, 0x92], E_CHECKSUM],
    ["a wrong second checksum", [0xbe, 0xef, 0x92, 0xbe, 0xee, 0x92], E_CHECKSUM],
    ["nothing but zeros", [0, 0, 0, 0, 0, 0], E_CHECKSUM],
    ["nothing but ones", [255, 255, 255, 255, 255, 255], E_CHECKSUM],
    ["a byte too few", [0xbe, 0xef, 0x92, 0xbe, 0xef], E_SHORT_FRAME],
    ["nothing", [], E_SHORT_FRAME],
  ])("of %s", (_what, bytes, error) => {
    expect(wordsError(Uint8Array.from(bytes))).toBe(error)
  })

  test("finds every single flipped bit", () => {
    for (let bit = 0; bit < 48; bit++) {
      const bytes = Uint8Array.from(READING)
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      expect([bit, wordsError(bytes)]).toEqual([bit, E_CHECKSUM])
    }
  })
})

describe("single shot", () => {
  test("asks without clock stretching, waits for 17 ms and reads", () => {
    bus.takes(ADDRESS, 0x24, 0x00).gives(ADDRESS, ...READING)
    const sensor = sht3x(bus, clock)
    expect([sensor.sample(onReading), sensor.sample(onReading), bus.timesMs]).toEqual([0, E_BUSY, []])
    clock.advance(17)
    bus.end()
    expect([bus.timesMs, readings]).toEqual([[500, 517], [[0, expect.closeTo(25, 2), expect.closeTo(50, 2)]]])
  })

  test("goes to the other address when told so", () => {
    bus.takes(0x45, 0x24, 0x00).gives(0x45, ...READING)
    sht3x(bus, clock, 0x45).sample(onReading)
    clock.advance(100)
    expect(readings).toHaveLength(1)
  })

  test.each<[string, (script: FakeI2c) => void]>([
    ["a command that nobody takes", (script) => script.refuses(ADDRESS, 0x24, 0x00)],
    ["a conversion that takes too long", (script) => script.takes(ADDRESS, 0x24, 0x00).refusesRead(ADDRESS, 6)],
    ["a spoilt bit", (script) => script.takes(ADDRESS, 0x24, 0x00).gives(ADDRESS, ...SPOILT)],
  ])("makes good %s by another attempt, up to two of them", (_what, fail) => {
    fail(bus)
    fail(bus)
    bus.takes(ADDRESS, 0x24, 0x00).gives(ADDRESS, ...READING)
    sht3x(bus, clock).sample(onReading)
    clock.advance(100)
    bus.end()
    expect(readings).toEqual([[0, expect.closeTo(25, 2), expect.closeTo(50, 2)]])
  })

  test.each<[string, number, (script: FakeI2c) => void]>([
    ["a part that is missing", E_NO_ANSWER, (script) => script.refuses(ADDRESS, 0x24, 0x00)],
    ["a part that never finishes", E_NOT_READY, (script) => script.takes(ADDRESS, 0x24, 0x00).refusesRead(ADDRESS, 6)],
    ["spoilt bits", E_CHECKSUM, (script) => script.takes(ADDRESS, 0x24, 0x00).gives(ADDRESS, ...SPOILT)],
    [
      "an answer that ends early",
      E_SHORT_FRAME,
      (script) => script.takes(ADDRESS, 0x24, 0x00).givesOnly(ADDRESS, 6, 0x66, 0x66),
    ],
  ])("tells of %s after three attempts, and tries again when asked again", (_what, error, fail) => {
    const sensor = sht3x(bus, clock)
    for (let attempt = 0; attempt < 3; attempt++) fail(bus)
    sensor.sample(onReading)
    clock.advance(100)
    bus.end()
    expect([readings, clock.nextInMs()]).toEqual([[[error, 0, 0]], undefined])
    bus.takes(ADDRESS, 0x24, 0x00).gives(ADDRESS, ...READING)
    expect(sensor.sample(onReading)).toBe(0)
    clock.advance(17)
    expect(readings[1]![0]).toBe(0)
  })
})

describe("periodic mode", () => {
  test("is started, fetched from and stopped by commands of their own", () => {
    const sensor = sht3xPeriodic(bus, clock)
    bus.takes(ADDRESS, 0x21, 0x30)
    expect(sht3xCommand(bus, EVERY_1_S)).toBe(0)
    clock.advance(1000)
    bus.takes(ADDRESS, 0xe0, 0x00).gives(ADDRESS, ...READING)
    sensor.sample(onReading)
    clock.advance(2)
    expect([bus.timesMs, readings.length]).toEqual([[500, 1500, 1502], 1])
    bus.takes(ADDRESS, 0x30, 0x93)
    expect(sht3xCommand(bus, STOP)).toBe(0)
    bus.end()
  })

  test("says when there is no reading that was not fetched before", () => {
    for (let attempt = 0; attempt < 3; attempt++) bus.takes(ADDRESS, 0xe0, 0x00).refusesRead(ADDRESS, 6)
    sht3xPeriodic(bus, clock).sample(onReading)
    clock.advance(100)
    expect(readings).toEqual([[E_NOT_READY, 0, 0]])
  })
})

describe("heater and status", () => {
  test("are commands to the address that they are told", () => {
    bus.takes(ADDRESS, 0x30, 0x6d).takes(0x45, 0x30, 0x66).refuses(ADDRESS, 0x30, 0x6d)
    expect([sht3xCommand(bus, HEATER_ON), sht3xCommand(bus, HEATER_OFF, 0x45), sht3xCommand(bus, HEATER_ON)]).toEqual([
      0,
      0,
      E_NO_ANSWER,
    ])
    bus.end()
  })

  test("the status tells a heater that is on, and a part that began anew", () => {
    // 0x2010 with its CRC, computed apart.
    bus.takes(ADDRESS, 0xf3, 0x2d).gives(ADDRESS, 0x20, 0x10, 0x1e)
    const status = sht3xStatus(bus)
    expect([status, status & IS_HEATING, status & WAS_RESET]).toEqual([0x2010, IS_HEATING, WAS_RESET])
  })

  test.each<[string, number, (script: FakeI2c) => void]>([
    ["nobody is there", E_NO_ANSWER, (script) => script.refuses(ADDRESS, 0xf3, 0x2d)],
    ["nobody answers", E_NO_ANSWER, (script) => script.takes(ADDRESS, 0xf3, 0x2d).refusesRead(ADDRESS, 3)],
    ["a bit is spoilt", E_CHECKSUM, (script) => script.takes(ADDRESS, 0xf3, 0x2d).gives(ADDRESS, 0x20, 0x11, 0x1e)],
  ])("the status is an error when %s", (_what, error, fail) => {
    fail(bus)
    expect(sht3xStatus(bus)).toBe(error)
  })
})
