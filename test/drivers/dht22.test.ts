import { beforeEach, describe, expect, test } from "vitest"
import { Random } from "../../sim/clock/random"
import { Dht22 } from "../../sim/parts/dht22"
import { bench } from "../sim/parts/bench"
import { dht22 } from "../../src/drivers/dht22"
import { E_RANGE } from "../../src/drivers/errors"
import { bits, dhtBench, falls } from "./dht/frames"
import { onTable } from "./on-table"

/** What the driver makes of one answer, sent as often as it asks. */
function read(data: number[]): number[] {
  const { sample, answer, readings } = dhtBench(dht22)
  sample()
  while (!readings.length) answer(falls(bits(data)))
  return readings[0]!
}

describe("decoding", () => {
  // Humidity and temperature in tenths, high byte first, temperature with a sign bit.
  test.each([
    ["the manual's example", [0x02, 0x8c, 0x01, 0x5f], 35.1, 65.2],
    ["the manual's example below zero", [0x02, 0x8c, 0x80, 0x65], -10.1, 65.2],
    ["zero", [0, 1, 0, 0], 0, 0.1],
    ["minus zero, which is zero", [0, 1, 0x80, 0], 0, 0.1],
    ["the coldest", [0, 0, 0x81, 0x90], -40, 0],
    ["the hottest and wettest", [0x03, 0xe8, 0x03, 0x20], 80, 100],
    ["a step above and below", [0x01, 0xe2, 0x80, 0x01], -0.1, 48.2],
    ["a checksum that wraps", [0x02, 0xff, 0x01, 0xff], 51.1, 76.7],
  ])("%s", (_what, data, temperatureC, humidityPct) => {
    const reading = read(data)
    expect(reading).toEqual([0, temperatureC, humidityPct])
    expect(Object.is(reading[1], -0)).toBe(false)
  })

  test.each([
    ["one step too hot", [0, 0, 0x03, 0x21]],
    ["one step too cold", [0, 0, 0x81, 0x91]],
    ["one step too wet", [0x03, 0xe9, 0, 0]],
    ["a humidity below zero", [0x80, 0x01, 0, 0]],
    ["all ones", [255, 255, 255, 255]],
  ])("refuses %s", (_what, data) => {
    expect(read(data)).toEqual([E_RANGE, 0, 0])
  })
})

test("holds the line low for 2 ms and rests for 2 s", () => {
  const { clock, wire, sample } = dhtBench(dht22)
  sample()
  clock.advance(5000)
  const calls = wire.calls.filter((call) => /low|release/.test(call))
  expect(calls.slice(0, 3)).toEqual(["low 7000", "release 7002", "low 9022"])
})

describe.each(["typical", "fastest", "slowest", "jitter"] as const)("the simulated sensor, %s edges", (timing) => {
  let table: ReturnType<typeof bench>
  let part: Dht22
  const readings: number[][] = []

  beforeEach(() => {
    table = bench()
    part = new Dht22(table.place)
    part.timing = timing
    part.powerOn()
    readings.length = 0
  })

  test("is read right 500 times, each edge seen up to 5 µs early or late", () => {
    const { clock, wire } = onTable(table, "data", 5)
    const sensor = dht22(wire, clock)
    const random = new Random(4)
    const expected: number[][] = []
    for (let i = 0; i < 500; i++) {
      // Its answer carries the conversion before it.
      part.temperatureC = random.below(1200) / 10 - 40
      part.humidityPct = 0.1 + random.below(999) / 10
      expected.push([0, part.temperatureC, part.humidityPct])
      sensor.sample((...reading) => void readings.push(reading))
      table.clock.advance(2_500_000)
    }
    const rounded = (all: number[][]) => all.map((each) => each.map((value) => Math.round(value * 10) / 10))
    expect(rounded(readings).slice(1)).toEqual(rounded(expected).slice(0, -1))
  })

  test("is refused when a bit of its answer is flipped, whichever it is", () => {
    const { clock, wire } = onTable(table, "data", 5)
    const sensor = dht22(wire, clock)
    for (part.faults.flipBit = 0; part.faults.flipBit < 40; part.faults.flipBit++) {
      sensor.sample((...reading) => void readings.push(reading))
      table.clock.advance(8_000_000)
    }
    expect(readings.filter(([error]) => error !== 0)).toHaveLength(40)
  })
})
