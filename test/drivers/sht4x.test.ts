import { beforeEach, describe, expect, test } from "vitest"
import { E_BUSY, E_CHECKSUM, E_NO_ANSWER } from "../../src/drivers/errors"
import { humidityOf, sht4x, sht4xHeater } from "../../src/drivers/sht4x"
import { FakeClock } from "../fakes/clock"
import { FakeI2c } from "../fakes/i2c"

const ADDRESS = 0x44
/** 0x6666 is 25 °C; 0x8000 is 56.5 %. */
const READING = [0x66, 0x66, 0x93, 0x80, 0x00, 0xa2]

let clock: FakeClock
let bus: FakeI2c
let readings: number[][]

const onReading = (...reading: number[]) => void readings.push(reading)

beforeEach(() => {
  clock = new FakeClock(500)
  bus = new FakeI2c(clock)
  readings = []
})

describe("decoding humidity", () => {
  // -6 + 125 S / 65535: 0 at 3146, 100 at 55574, clipped outside (SHT4x datasheet, section 4.6).
  test.each([
    ["the least word, below zero", 0, 0],
    ["a step below zero", 3145, 0],
    ["a step above zero", 3146, 0.001],
    ["the middle", 0x8000, 56.501],
    ["a step below the end", 55573, 99.999],
    ["a step above the end", 55575, 100],
    ["the largest word", 0xffff, 100],
  ])("of %s", (_what, word, humidityPct) => {
    expect(humidityOf(word)).toBeCloseTo(humidityPct, 3)
  })
})

describe("sht4x", () => {
  test("asks for high precision, waits for 10 ms and reads", () => {
    bus.takes(ADDRESS, 0xfd).gives(ADDRESS, ...READING)
    const sensor = sht4x(bus, clock)
    expect([sensor.sample(onReading), sensor.sample(onReading)]).toEqual([0, E_BUSY])
    clock.advance(10)
    bus.end()
    expect([bus.timesMs, readings]).toEqual([[500, 510], [[0, expect.closeTo(25, 2), expect.closeTo(56.5, 2)]]])
  })

  test("tells of a part at its address that knows no such command, as an SHT3x does not", () => {
    for (let attempt = 0; attempt < 3; attempt++) bus.refuses(ADDRESS, 0xfd)
    sht4x(bus, clock).sample(onReading)
    clock.advance(75)
    bus.end()
    expect(readings).toEqual([[E_NO_ANSWER, 0, 0]])
  })

  test("makes good a spoilt bit, at the address that it was told", () => {
    bus.takes(0x45, 0xfd).gives(0x45, 0x66, 0x66, 0x92, 0x80, 0x00, 0xa2)
    bus.takes(0x45, 0xfd).gives(0x45, ...READING)
    sht4x(bus, clock, 0x45).sample(onReading)
    clock.advance(75)
    expect(readings[0]![0]).toBe(0)
  })

  test("tells of spoilt bits that stay", () => {
    for (let attempt = 0; attempt < 3; attempt++) bus.takes(ADDRESS, 0xfd).gives(ADDRESS, 0, 0, 0, 0, 0, 0)
    sht4x(bus, clock).sample(onReading)
    clock.advance(75)
    expect(readings).toEqual([[E_CHECKSUM, 0, 0]])
  })

  test("heats for a second when asked to, and gives the reading of the hot part", () => {
    bus.takes(ADDRESS, 0x39).gives(ADDRESS, ...READING)
    sht4xHeater(bus, clock).sample(onReading)
    clock.advance(1119)
    expect(readings).toEqual([])
    clock.advance(1)
    expect([bus.timesMs, readings.length]).toEqual([[500, 1620], 1])
  })
})
