import { beforeEach, describe, expect, test } from "vitest"
import { aht20, frameError, humidityOf, temperatureOf } from "../../src/drivers/aht20"
import { E_BUSY, E_CHECKSUM, E_NO_ANSWER, E_NOT_READY, E_SHORT_FRAME } from "../../src/drivers/errors"
import { FakeClock } from "../fakes/clock"
import { FakeI2c } from "../fakes/i2c"

const ADDRESS = 0x38
const READY = 0x18
const MEASURE = [0xac, 0x33, 0x00]
const INITIALISE = [0xbe, 0x08, 0x00]
/** A frame of a real part, CRC and all (wiki of the aht20 driver for Elixir): counts 158119 and 410343. */
const CAPTURED = [28, 38, 154, 118, 66, 231, 118]

/** A frame of 20 bits each, and its checksum bit by bit. */
function frame(humidity: number, temperature: number, status = READY): number[] {
  const bits = status * 2 ** 40 + humidity * 2 ** 20 + temperature
  const bytes = [5, 4, 3, 2, 1, 0].map((nth) => Math.floor(bits / 256 ** nth) % 256)
  let crc = 0xff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x80 ? 0x31 : 0)) & 0xff
  }
  return [...bytes, crc]
}
const READING = frame(0x80000, 0x60000)

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
    ["the coldest and driest", frame(0, 0), -50, 0],
    ["zero", frame(1, 0x40000), 0, 0.0001],
    ["a step below zero", frame(0xfffff, 0x3ffff), -0.0002, 99.9999],
    ["the hottest and wettest", frame(0xfffff, 0xfffff), 149.9998, 99.9999],
    ["the middle", READING, 25, 50],
    ["what a part sent", CAPTURED, 28.2667, 15.0794],
  ])("%s", (_what, bytes, temperatureC, humidityPct) => {
    const answer = Uint8Array.from(bytes)
    expect([frameError(answer), temperatureOf(answer), humidityOf(answer)]).toEqual([
      0,
      expect.closeTo(temperatureC, 4),
      expect.closeTo(humidityPct, 4),
    ])
  })

  test.each([
    ["a byte too few", READING.slice(0, 6), E_SHORT_FRAME],
    ["nothing", [], E_SHORT_FRAME],
    ["a part that measures still", frame(1, 1, 0x98), E_NOT_READY],
    ["a part without calibration", frame(1, 1, 0x10), E_NOT_READY],
    ["a line that hangs low", [0, 0, 0, 0, 0, 0, 0], E_NOT_READY],
    ["a line that hangs high", [255, 255, 255, 255, 255, 255, 255], E_NOT_READY],
  ])("refuses %s", (_what, bytes, error) => {
    expect(frameError(Uint8Array.from(bytes))).toBe(error)
  })

  test("finds every single flipped bit", () => {
    for (let bit = 0; bit < 56; bit++) {
      const bytes = Uint8Array.from(READING)
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      const isStatus = bit === 3 || bit === 7
      expect([bit, frameError(bytes)]).toEqual([bit, isStatus ? E_NOT_READY : E_CHECKSUM])
    }
  })
})

describe("aht20", () => {
  test("looks whether the part is calibrated, asks, waits for 81 ms and reads", () => {
    bus
      .gives(ADDRESS, READY)
      .takes(ADDRESS, ...MEASURE)
      .gives(ADDRESS, ...READING)
    const sensor = aht20(bus, clock)
    expect([sensor.sample(onReading), sensor.sample(onReading)]).toEqual([0, E_BUSY])
    clock.advance(81)
    bus.end()
    expect([bus.timesMs, readings]).toEqual([[500, 500, 581], [[0, 25, 50]]])
  })

  test("has a part load its calibration that did not by itself", () => {
    bus.gives(ADDRESS, 0x10).takes(ADDRESS, ...INITIALISE)
    bus
      .gives(ADDRESS, READY)
      .takes(ADDRESS, ...MEASURE)
      .gives(ADDRESS, ...READING)
    aht20(bus, clock).sample(onReading)
    clock.advance(92)
    bus.end()
    expect([bus.timesMs, readings]).toEqual([[500, 500, 511, 511, 592], [[0, 25, 50]]])
  })

  const ask = (script: FakeI2c) => script.gives(ADDRESS, READY).takes(ADDRESS, ...MEASURE)
  const failures: [string, number, (script: FakeI2c) => void][] = [
    ["a part that is missing", E_NO_ANSWER, (script) => script.refusesRead(ADDRESS, 1)],
    [
      "a part that takes no command",
      E_NO_ANSWER,
      (script) => script.gives(ADDRESS, READY).refuses(ADDRESS, ...MEASURE),
    ],
    ["a part that goes away", E_NO_ANSWER, (script) => ask(script).refusesRead(ADDRESS, 7)],
    ["a part that never finishes", E_NOT_READY, (script) => ask(script).gives(ADDRESS, ...frame(0, 0, 0x98))],
    ["spoilt bits", E_CHECKSUM, (script) => ask(script).gives(ADDRESS, ...READING.slice(0, 6), READING[6]! ^ 4)],
    [
      "a part that finds no calibration",
      E_NOT_READY,
      (script) =>
        script
          .gives(ADDRESS, 0x10)
          .takes(ADDRESS, ...INITIALISE)
          .gives(ADDRESS, 0x10),
    ],
  ]

  test.each(failures)("tells of %s after three attempts", (_what, error, fail) => {
    for (let attempt = 0; attempt < 3; attempt++) fail(bus)
    aht20(bus, clock).sample(onReading)
    clock.advance(320)
    bus.end()
    expect([readings, clock.nextInMs()]).toEqual([[[error, 0, 0]], undefined])
  })

  test.each(failures)("makes good %s by another attempt, from the beginning", (_what, _error, fail) => {
    fail(bus)
    ask(bus).gives(ADDRESS, ...READING)
    aht20(bus, clock).sample(onReading)
    clock.advance(320)
    bus.end()
    expect(readings).toEqual([[0, 25, 50]])
  })
})
