import { describe, expect, test } from "vitest"
import { dht22, frameError, humidityOf, temperatureOf } from "../../src/drivers/dht22"
import { E_BUSY, E_CHECKSUM, E_NO_ANSWER, E_RANGE, E_SHORT_FRAME } from "../../src/drivers/errors"
import { FakeClock } from "../fakes/clock"
import { FakeWire } from "../fakes/pins"

/** Four bytes of data and their checksum as the 40 bits a sensor sends (AM2302 manual, section 7.4). */
const bits = (data: number[], checksum = data.reduce((a, b) => a + b) % 256) =>
  [...data, checksum].map((byte) => byte.toString(2).padStart(8, "0")).join("")

const frame = (text: string) => parseInt(text, 2)

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
    const value = frame(bits(data))
    expect([frameError(42, value), temperatureOf(value), humidityOf(value)]).toEqual([0, temperatureC, humidityPct])
    expect(Object.is(temperatureOf(value), -0)).toBe(false)
  })

  test.each([
    ["one step too hot", [0, 0, 0x03, 0x21], E_RANGE],
    ["one step too cold", [0, 0, 0x81, 0x91], E_RANGE],
    ["one step too wet", [0x03, 0xe9, 0, 0], E_RANGE],
    ["all ones", [255, 255, 255, 255], E_RANGE],
  ])("refuses %s", (_what, data, error) => {
    expect(frameError(42, frame(bits(data)))).toBe(error)
  })

  test("finds every single flipped bit", () => {
    const good = bits([0x02, 0x8c, 0x01, 0x5f])
    for (let at = 0; at < 40; at++) {
      const flipped = good.slice(0, at) + (good[at] === "1" ? "0" : "1") + good.slice(at + 1)
      expect([at, frameError(42, frame(flipped))]).toEqual([at, E_CHECKSUM])
    }
  })

  test("takes a frame of nothing but zeros for noise, though its checksum is right", () => {
    expect(frameError(42, 0)).toBe(E_CHECKSUM)
  })

  test("tells silence from a short frame", () => {
    expect([0, 1, 2, 41, 42].map((edges) => frameError(edges, frame(bits([0, 1, 0, 0]))))).toEqual([
      E_NO_ANSWER,
      E_SHORT_FRAME,
      E_SHORT_FRAME,
      E_SHORT_FRAME,
      0,
    ])
  })
})

/** Highs of a whole answer in µs, each with the falling edge that ends it: release to answer, answer, 40 bits. */
const answer = (text: string, zeroUs: number, oneUs: number, readyUs = 80) => [
  undefined,
  readyUs,
  ...[...text].map((bit) => (bit === "1" ? oneUs : zeroUs)),
]

function bench() {
  const clock = new FakeClock(5000)
  const wire = new FakeWire(clock)
  const sensor = dht22(wire, clock)
  const readings: number[][] = []
  const sample = () => sensor.sample((...reading) => void readings.push(reading))
  return { clock, wire, sample, readings }
}

describe("capture", () => {
  const DATA = bits([0x02, 0x8c, 0x80, 0x65])

  // Section 7.3 of the manual: a 0 is high for 22 to 30 µs, a 1 for 68 to 75, the ready signal for 75 to 85.
  test.each([
    ["nominal", 26, 70, 80, 50],
    ["fastest", 22, 68, 75, 48],
    ["slowest", 30, 75, 85, 55],
  ])("reads a frame with %s edges", (_what, zeroUs, oneUs, readyUs, lowUs) => {
    const { clock, wire, sample, readings } = bench()
    expect(sample()).toBe(0)
    clock.advance(2002)
    wire.fall(answer(DATA, zeroUs, oneUs, readyUs), lowUs)
    clock.advance(20)
    expect(readings).toEqual([[0, -10.1, 65.2]])
  })

  test("waits 2 s after power-up, watches first, holds the line for 2 ms, listens for 20 ms", () => {
    const { clock, wire, sample } = bench()
    sample()
    clock.advance(2030)
    expect(wire.calls.slice(0, 4)).toEqual(["watch 7000", "low 7000", "release 7002", "unwatch 7022"])
  })

  test("does not count the edge of its own start signal", () => {
    const { clock, wire, sample, readings } = bench()
    sample()
    clock.advance(2001)
    wire.fall([undefined])
    clock.advance(1)
    wire.fall(answer(DATA, 26, 70))
    clock.advance(20)
    expect(readings).toEqual([[0, -10.1, 65.2]])
  })

  test("is busy from the call to the answer, and then free at once", () => {
    const { clock, wire, sample, readings } = bench()
    sample()
    expect(sample()).toBe(E_BUSY)
    clock.advance(2010)
    expect(sample()).toBe(E_BUSY)
    wire.fall(answer(DATA, 26, 70))
    clock.advance(20)
    expect([sample(), readings.length]).toEqual([0, 1])
  })

  test("may be asked again from inside its answer", () => {
    const clock = new FakeClock()
    const wire = new FakeWire(clock)
    const sensor = dht22(wire, clock)
    const results: number[] = []
    sensor.sample(() => void results.push(sensor.sample(() => undefined)))
    clock.advance(2002)
    wire.fall(answer(DATA, 26, 70))
    clock.advance(20)
    expect(results).toEqual([0])
  })

  test("never reads twice within 2 s", () => {
    const { clock, wire, sample } = bench()
    for (let i = 0; i < 200; i++) {
      sample()
      clock.advance(100)
    }
    const starts = wire.calls.filter((call) => call.startsWith("low")).map((call) => Number(call.split(" ")[1]))
    expect(starts.length).toBeGreaterThan(5)
    starts.slice(1).forEach((atMs, i) => expect(atMs - starts[i]!).toBeGreaterThanOrEqual(2000))
  })
})

describe("failure", () => {
  test("of three attempts is told once, with the last error, and leaves no watch", () => {
    const { clock, wire, sample, readings } = bench()
    sample()
    clock.advance(30_000)
    expect(readings).toEqual([[E_NO_ANSWER, 0, 0]])
    expect(wire.calls.filter((call) => call.startsWith("low"))).toEqual(["low 7000", "low 9022", "low 11044"])
    expect(wire.calls[wire.calls.length - 1]).toBe("unwatch 11066")
  })

  test("once is made good by the next attempt", () => {
    const { clock, wire, sample, readings } = bench()
    sample()
    clock.advance(2002)
    wire.fall(answer(bits([1, 2, 3, 4], 99), 26, 70))
    clock.advance(20 + 2002)
    wire.fall(answer(bits([1, 2, 3, 4]), 26, 70))
    clock.advance(20)
    expect(readings).toEqual([[0, 77.2, 25.8]])
  })

  test.each([
    ["a checksum that is wrong", answer(bits([1, 2, 3, 4], 99), 26, 70), E_CHECKSUM],
    ["a frame that stops", answer(bits([1, 2, 3, 4]), 26, 70).slice(0, 30), E_SHORT_FRAME],
    ["a line that twitches once", [undefined], E_SHORT_FRAME],
    ["values no sensor has", answer(bits([0x7f, 0, 0, 0]), 26, 70), E_RANGE],
  ])("by %s is told as such", (_what, highsUs, error) => {
    const { clock, wire, sample, readings } = bench()
    sample()
    for (let attempt = 0; attempt < 3; attempt++) {
      clock.advance(2002)
      wire.fall(highsUs)
      clock.advance(20)
    }
    expect(readings).toEqual([[error, 0, 0]])
  })

  test("a glitch before the answer does not spoil the frame, one inside does not pass for a reading", () => {
    for (const [at, expected] of [
      [1, 0],
      [20, E_CHECKSUM],
    ] as const) {
      const { clock, wire, sample, readings } = bench()
      const highsUs = answer(bits([0x02, 0x8c, 0x01, 0x5f]), 26, 70)
      sample()
      for (let attempt = 0; attempt < 3; attempt++) {
        clock.advance(2002)
        wire.fall([...highsUs.slice(0, at), 5, ...highsUs.slice(at)])
        clock.advance(20)
      }
      expect(readings[0]![0]).toBe(expected)
    }
  })
})
