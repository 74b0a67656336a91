import { describe, expect, test } from "vitest"
import type { HouseEvent } from "../../sim/events"
import { gapsS, homeOnline, readings } from "./home"
import type { Home } from "./home"

const only = "climate"
const REST_S = 2 // the manual asks for at least 2 s between two readings
const NO_ANSWER = "dht22: error -1"
const SHORT_FRAME = "dht22: error -2"
const CHECKSUM = "dht22: error -3"

type Faults = Partial<Record<"missing" | "badChecksum" | "stuckLow" | "stuckHigh", true>> & {
  flipBit?: number
  shortFrame?: number
}

/** Three rounds of 30 s with a fault, one round to come back, and what the wire did meanwhile. */
async function withFault(faults: Faults, rounds = 3): Promise<{ h: Home; starts: HouseEvent[]; before: number }> {
  const h = await homeOnline({ only })
  const { dht22 } = h.climate.parts
  Object.assign(dht22, { temperatureC: 21.4, humidityPct: 48.2 })
  await h.house.advance("45s")
  const before = readings(h).length
  const starts: HouseEvent[] = []
  h.house.on((event) => event.kind === "pin" && event.level === "fall" && starts.push(event))
  Object.assign(dht22.faults, faults)
  await h.house.advance({ us: rounds * 30e6 })
  return { h, starts, before }
}

const errors = (h: Home) => h.logs(only).filter((text) => text.startsWith("dht22"))

describe("a reading that is not there is an error in the log, and never a message", () => {
  test.each<[string, Faults, string]>([
    ["sensor missing", { missing: true }, NO_ANSWER],
    ["wire stuck low", { stuckLow: true }, NO_ANSWER],
    ["wire stuck high", { stuckHigh: true }, NO_ANSWER],
    ["checksum wrong", { badChecksum: true }, CHECKSUM],
    ["first bit flipped", { flipBit: 0 }, CHECKSUM],
    ["humidity bit flipped", { flipBit: 11 }, CHECKSUM],
    ["sign flipped", { flipBit: 16 }, CHECKSUM],
    ["temperature bit flipped", { flipBit: 24 }, CHECKSUM],
    ["bit of the checksum flipped", { flipBit: 39 }, CHECKSUM],
    ["answer without a bit", { shortFrame: 0 }, SHORT_FRAME],
    ["answer of 8 bits", { shortFrame: 8 }, SHORT_FRAME],
    ["answer of 39 bits", { shortFrame: 39 }, SHORT_FRAME],
  ])("%s", async (_what, faults, error) => {
    const { h, before } = await withFault(faults)
    expect(errors(h)).toEqual([error, error, error])
    expect(readings(h)).toHaveLength(before)
    expect(h.house.linkOf(only)).toBe("online")

    Object.assign(h.climate.parts.dht22.faults, {
      missing: false,
      badChecksum: false,
      stuckLow: false,
      stuckHigh: false,
    })
    Object.assign(h.climate.parts.dht22.faults, { flipBit: undefined, shortFrame: undefined })
    await h.house.advance("30s")
    expect(readings(h)).toHaveLength(before + 1)
    expect(readings(h).at(-1)).toMatchObject({ temperature: 21.4, humidity: 48.2 })
    expect(errors(h)).toHaveLength(3)
  })
})

describe("retries", () => {
  test("three attempts a round, at least 2 s apart, then the next round in its time", async () => {
    const { starts } = await withFault({ missing: true })
    expect(starts).toHaveLength(9)
    const gaps = gapsS(starts)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(REST_S)
    expect(gaps.filter((gap) => gap < 2.1)).toHaveLength(6)
    expect(starts[3]!.atUs - starts[0]!.atUs).toBe(30_000_000)
  })

  test("one bad answer is mended by the next attempt, without a word", async () => {
    const { h, before } = await withFault({ badChecksum: true }, 0)
    h.house.on((event) => {
      if (event.kind === "part" && event.what === "answers") h.climate.parts.dht22.faults.badChecksum = false
    })
    await h.house.advance("30s")
    expect(errors(h)).toEqual([])
    expect(readings(h)).toHaveLength(before + 1)
  })

  test("away for an hour and back: one error a round, then readings as before", async () => {
    const { h, before } = await withFault({ missing: true }, 120)
    expect(errors(h)).toHaveLength(120)
    expect(readings(h)).toHaveLength(before)
    h.climate.parts.dht22.faults.missing = false
    await h.house.advance("10min")
    expect(readings(h)).toHaveLength(before + 20)
    expect(h.of("boot")).toHaveLength(1)
  })
})

test.each(["fastest", "slowest", "jitter"] as const)(
  "the %s timing of the datasheet is read right, at the ends of the range",
  async (timing) => {
    const h = await homeOnline({ only })
    const { dht22 } = h.climate.parts
    dht22.timing = timing
    for (const [temperatureC, humidityPct] of [
      [-40, 0],
      [-0.1, 99.9],
      [80, 100],
      [0, 51.1],
    ]) {
      Object.assign(dht22, { temperatureC, humidityPct })
      await h.house.advance("61s") // two rounds: an answer carries the conversion before it
      expect(readings(h).at(-1)).toMatchObject({ temperature: temperatureC, humidity: humidityPct })
    }
    expect(errors(h)).toEqual([])
  },
)
