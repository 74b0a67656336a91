import { describe, expect, test } from "vitest"
import { Random } from "../../../sim/clock/random"
import { dht, frameError } from "../../../src/drivers/dht/sensor"
import { E_BUSY, E_CHECKSUM, E_NO_ANSWER, E_RANGE, E_SHORT_FRAME } from "../../../src/drivers/errors"
import { bits, dhtBench, falls, jittered, TIMING } from "./frames"

/** A sensor that sends its values as they are, 0 to 100 °C and 0 to 100 %; 2 ms of start and 2 s of rest. */
const bench = () => dhtBench((wire, clock) => dht(wire, clock, 2, 2000, (word) => word, 0, 100, 0, 100))

const DATA = [0, 65, 0, 35]
const GOOD = falls(bits(DATA))
const BAD = falls(bits(DATA, 99))

describe("a frame", () => {
  const frame = (text: string) => parseInt(text, 2)

  test("is found wrong by every single flipped bit", () => {
    const good = bits([0x02, 0x8c, 0xff, 0x5f])
    expect(frameError(42, frame(good))).toBe(0)
    for (let at = 0; at < 40; at++) {
      const flipped = good.slice(0, at) + (good[at] === "1" ? "0" : "1") + good.slice(at + 1)
      expect([at, frameError(42, frame(flipped))]).toEqual([at, E_CHECKSUM])
    }
  })

  test.each([
    ["all ones", [255, 255, 255, 255], 0xfc],
    ["a sum that wraps", [0x02, 0xff, 0x01, 0xff], 0x01],
    ["a first bit that is set", [0x80, 0, 0, 1], 0x81],
  ])("of %s has the sum of its bytes", (_what, data, sum) => {
    expect(frameError(42, frame(bits(data, sum)))).toBe(0)
    expect(frameError(42, frame(bits(data, sum ^ 1)))).toBe(E_CHECKSUM)
  })

  test("of nothing but zeros is noise, though its checksum is right", () => {
    expect(frameError(42, 0)).toBe(E_CHECKSUM)
  })

  test("is told from silence, from a short one and from one with an edge too many", () => {
    expect([0, 1, 2, 41, 42, 43].map((edges) => frameError(edges, frame(bits([0, 1, 0, 0]))))).toEqual([
      E_NO_ANSWER,
      E_SHORT_FRAME,
      E_SHORT_FRAME,
      E_SHORT_FRAME,
      0,
      E_CHECKSUM,
    ])
  })
})

describe("capture", () => {
  test.each(Object.entries(TIMING))("reads a frame with %s edges", (_what, timing) => {
    const { sample, answer, readings } = bench()
    expect(sample()).toBe(0)
    answer(falls(bits(DATA), timing))
    expect(readings).toEqual([[0, 35, 65]])
  })

  test("waits 2 s after power-up, watches first, holds the line for 2 ms, listens for 20 ms", () => {
    const { clock, wire, sample } = bench()
    sample()
    clock.advance(2030)
    expect(wire.calls.slice(0, 4)).toEqual(["watch 7000", "low 7000", "release 7002", "unwatch 7022"])
  })

  test("does not count the edge of its own start signal", () => {
    const { clock, wire, sample, answer, readings } = bench()
    sample()
    clock.advance(2001)
    wire.play([{ fellUs: 0 }])
    answer(GOOD)
    expect(readings).toEqual([[0, 35, 65]])
  })

  test("does not take a twitch of the rising line for the answer", () => {
    const { sample, answer, readings } = bench()
    sample()
    answer([{ roseUs: -4, fellUs: 3 }, { roseUs: 4, fellUs: 5 }, ...GOOD])
    expect(readings).toEqual([[0, 35, 65]])
  })

  test("is busy from the call to the answer, and then free at once", () => {
    const { clock, sample, answer, readings } = bench()
    sample()
    expect(sample()).toBe(E_BUSY)
    clock.advance(2001)
    expect(sample()).toBe(E_BUSY)
    answer(GOOD)
    expect([sample(), readings.length]).toEqual([0, 1])
  })

  test("may be asked again from inside its answer", () => {
    const results: number[] = []
    const { answer } = dhtBench((wire, clock) => {
      const sensor = dht(wire, clock, 2, 2000, (word) => word, 0, 100, 0, 100)
      sensor.sample(() => void results.push(sensor.sample(() => undefined)))
      return sensor
    })
    answer(GOOD)
    expect(results).toEqual([0])
  })

  test("never reads twice within its rest", () => {
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
    const { sample, answer, readings } = bench()
    sample()
    answer(BAD)
    answer(GOOD)
    expect(readings).toEqual([[0, 35, 65]])
  })

  test.each([
    ["a checksum that is wrong", BAD, E_CHECKSUM],
    ["a frame that stops", GOOD.slice(0, 30), E_SHORT_FRAME],
    ["a line that falls once", [{ fellUs: 30 }], E_SHORT_FRAME],
    ["values beyond the limits", falls(bits([0, 101, 0, 35])), E_RANGE],
  ])("by %s is told as such", (_what, all, error) => {
    const { sample, answer, readings } = bench()
    sample()
    for (let attempt = 0; attempt < 3; attempt++) answer(all)
    expect(readings).toEqual([[error, 0, 0]])
  })
})

describe.each(Object.entries(TIMING))("10,000 frames with %s edges, each up to 5 µs early or late", (name, timing) => {
  const FRAMES = 10_000
  const random = new Random(name.length)
  /** 0 to 100, and never nothing but zeros. */
  const values = () => [0, random.below(101), 0, 1 + random.below(100)]
  const lines = (data: number[], checksum?: number) => jittered(falls(bits(data, checksum), timing), random)

  test("are all read right", () => {
    const { sample, answer, readings } = bench()
    let wrong = 0
    for (let i = 0; i < FRAMES; i++) {
      const data = values()
      sample()
      answer(lines(data))
      const [error, temperatureC, humidityPct] = readings.pop()!
      if (error || temperatureC !== data[3] || humidityPct !== data[1]) wrong++
    }
    expect(wrong).toBe(0)
  })

  /** Each spoils one frame in another place. */
  const SPOILT = {
    "a flipped bit": () => {
      const text = bits(values())
      const at = random.below(40)
      const flipped = text.slice(0, at) + (text[at] === "1" ? "0" : "1") + text.slice(at + 1)
      return jittered(falls(flipped, timing), random)
    },
    "an edge that nobody saw": () => {
      const all = lines(values())
      return all.toSpliced(random.below(all.length), 1)
    },
    "an edge too many": () => {
      const all = lines(values())
      const at = 1 + random.below(all.length - 1)
      return all.toSpliced(at, 0, all[at - 1]!)
    },
    "a glitch that cuts a high in two": () => {
      const all = lines(values())
      const at = random.below(all.length)
      const { roseUs, fellUs } = all[at]!
      // Lower parts than the twitch of a rising line are no answer, and what follows them is the whole frame.
      const cutUs = roseUs + Math.max(at ? 0 : 11, (fellUs - roseUs) * random.next())
      return all.toSpliced(at, 1, { roseUs, fellUs: cutUs }, { roseUs: cutUs + 1, fellUs })
    },
    "a glitch that lifts a low": () => {
      const all = lines(values())
      const at = 1 + random.below(all.length - 1)
      const roseUs = all[at - 1]!.fellUs + 30 * random.next()
      return all.toSpliced(at, 0, { roseUs, fellUs: roseUs + 1 + 10 * random.next() })
    },
  }

  test.each(Object.entries(SPOILT))("are all refused for %s", (_what, spoil) => {
    const { sample, answer, readings } = bench()
    let attempts = 0
    for (let i = 0; i < FRAMES; i++) {
      if (!attempts) sample()
      answer(spoil())
      attempts = (attempts + 1) % 3
    }
    expect(readings).toHaveLength(Math.floor(FRAMES / 3))
    expect(readings.filter(([error]) => error !== E_CHECKSUM && error !== E_SHORT_FRAME)).toEqual([])
  })
})
