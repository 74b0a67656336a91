import { describe, expect, test } from "vitest"
import { Dht11 } from "../../sim/parts/dht11"
import { dht11, valueOf } from "../../src/drivers/dht11"
import { E_NO_ANSWER, E_RANGE } from "../../src/drivers/errors"
import { bench } from "../sim/parts/bench"
import { bits, dhtBench, falls } from "./dht/frames"
import { onTable } from "./on-table"

/** What the driver makes of one answer, sent as often as it asks. */
function read(data: number[]): number[] {
  const { sample, answer, readings } = dhtBench(dht11)
  sample()
  while (!readings.length) answer(falls(bits(data)))
  return readings[0]!
}

describe("decoding", () => {
  // Humidity, its tenths, temperature, its tenths.
  test.each([
    ["the manual's example", [0x35, 0x00, 0x18, 0x00], 24, 53],
    ["the later manual's example with tenths", [0x35, 0x00, 0x18, 0x04], 24.4, 53],
    ["tenths of humidity", [0x35, 0x03, 0x18, 0x00], 24, 53.3],
    ["a temperature below zero", [0x35, 0x00, 0x0a, 0x81], -10.1, 53],
    ["zero", [20, 0, 0, 0], 0, 20],
    ["minus zero, which is zero", [20, 0, 0, 0x80], 0, 20],
    ["the coldest and driest of all editions", [5, 0, 20, 0x80], -20, 5],
    ["the hottest and wettest of all editions", [95, 0, 60, 0], 60, 95],
  ])("%s", (_what, data, temperatureC, humidityPct) => {
    const reading = read(data)
    expect(reading).toEqual([0, temperatureC, humidityPct])
    expect(Object.is(reading[1], -0)).toBe(false)
  })

  test.each([
    ["a step too hot", [53, 0, 60, 1]],
    ["a step too cold", [53, 0, 20, 0x81]],
    ["a step too wet", [95, 1, 24, 0]],
    ["a step too dry", [4, 9, 24, 0]],
    ["a DHT22's answer", [0x02, 0x8c, 0x01, 0x5f]],
  ])("refuses %s", (_what, data) => {
    expect(read(data)).toEqual([E_RANGE, 0, 0])
  })

  test("has every tenth as it is written", () => {
    for (let units = 0; units <= 95; units++)
      for (let tenths = 0; tenths < 10; tenths++)
        expect(valueOf(units * 256 + tenths)).toBe(Number(`${units}.${tenths}`))
  })
})

test("holds the line low for 20 ms and rests for a second", () => {
  const { clock, wire, sample, readings } = dhtBench(dht11)
  sample()
  clock.advance(5000)
  expect(wire.calls.filter((call) => /low|release/.test(call))).toEqual([
    ...["low 6000", "release 6020"],
    ...["low 7040", "release 7060"],
    ...["low 8080", "release 8100"],
  ])
  expect(readings).toEqual([[E_NO_ANSWER, 0, 0]])
})

test("reads the simulated sensor, each edge seen up to 5 µs early or late", () => {
  const table = bench()
  const part = new Dht11(table.place)
  part.powerOn()
  part.temperatureC = 24
  part.humidityPct = 53
  const { clock, wire } = onTable(table, "data", 5)
  const sensor = dht11(wire, clock)
  const readings: number[][] = []
  for (let i = 0; i < 100; i++) {
    sensor.sample((...reading) => void readings.push(reading))
    table.clock.advance(3_000_000)
  }
  // Its first answers may carry what it felt before.
  expect(new Set(readings.slice(20).map(String))).toEqual(new Set(["0,24,53"]))
})
