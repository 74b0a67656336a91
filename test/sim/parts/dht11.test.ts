import { describe, expect, test } from "vitest"
import { Dht11 } from "../../../sim/parts/dht11"
import { bench } from "./bench"

function dht11() {
  const table = bench()
  const part = new Dht11(table.place)
  part.air.temperature.lagS = part.air.humidity.lagS = 0
  part.powerOn()
  table.clock.advance(2_000_000)
  const ask = (lowUs = 18_000) => {
    const edges = table.record("data")
    table.pull("data")
    table.clock.advance(lowUs)
    table.release("data")
    table.clock.advance(10_000)
    const highs = edges.slice(2).filter(({ level }, i) => level === 0 && i > 0)
    const bits = highs
      .slice(1)
      .map(({ afterUs }) => (afterUs > 48 ? "1" : "0"))
      .join("")
    return {
      edges: edges.slice(2),
      hex: (bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2).toString(16).padStart(2, "0")).join(" "),
      bits: bits.length,
    }
  }
  /** The value of an answer is the conversion before it. */
  const read = (waitUs = 2_000_000) => {
    ask()
    table.clock.advance(waitUs)
    return ask().hex
  }
  return { ...table, part, ask, read }
}

describe("what it says", () => {
  test.each([
    [25, 53, "35 00 19 00 4e"], // 53 %RH, 25 °C: bytes of whole numbers, 0 behind the point, the sum
    [24.4, 53.4, "35 00 18 00 4d"],
    [0, 20, "14 00 00 00 14"],
    [50, 90, "5a 00 32 00 8c"],
    [-5, 5, "14 00 00 00 14"], // clamped to the range of the part
    [60, 99, "5a 00 32 00 8c"],
  ])("%f °C and %f %%RH", (temperatureC, humidityPct, hex) => {
    const { part, read } = dht11()
    Object.assign(part, { temperatureC, humidityPct })
    expect(read()).toBe(hex)
  })

  test("is no newer than a second: asked sooner it repeats itself", () => {
    const { part, ask, clock } = dht11()
    Object.assign(part, { temperatureC: 20, humidityPct: 50 })
    ask()
    clock.advance(1_500_000)
    ask()
    part.temperatureC = 30
    clock.advance(500_000)
    ask()
    clock.advance(200_000)
    expect(ask().hex).toBe("32 00 14 00 46")
    clock.advance(1_000_000)
    ask()
    clock.advance(1_000_000)
    expect(ask().hex).toBe("32 00 1e 00 50")
  })
})

describe("on the wire", () => {
  test("wants a start of 18 ms, which for a DHT22 is long", () => {
    const { ask, told } = dht11()
    expect(ask(17_999).bits).toBe(0)
    expect(ask(18_000).bits).toBe(40)
    expect(ask(30_001).bits).toBe(0)
    expect(told.filter((each) => each !== "answers")).toEqual([
      "ignores a start of 17999 us",
      "ignores a start of 30001 us",
    ])
  })

  test("answers with 80 us low, 80 us high and 40 bits of 50 us and 26 or 70 us", () => {
    const { part, ask } = dht11()
    part.timing = "typical"
    const { edges } = ask()
    expect(edges.slice(1, 4).map(({ afterUs }) => afterUs)).toEqual([80, 80, 50])
    expect(new Set(edges.slice(4, -2).map(({ afterUs }) => afterUs))).toEqual(new Set([26, 70, 50]))
  })

  test("is silent in its first second", () => {
    const { part, ask, clock } = dht11()
    part.powerOff()
    part.powerOn()
    clock.advance(900_000)
    expect(ask().bits).toBe(0)
    clock.advance(200_000)
    expect(ask().bits).toBe(40)
  })
})

describe("faults", () => {
  test.each([
    ["badChecksum", true, "32 00 14 00 13"],
    ["flipBit", 7, "33 00 14 00 46"],
    ["shortFrame", 16, "32 00"],
    ["missing", true, ""],
    ["stuckLow", true, ""],
    ["stuckHigh", true, ""],
  ] as const)("%s", (fault, value, hex) => {
    const { part, read } = dht11()
    Object.assign(part, { temperatureC: 20, humidityPct: 50 })
    read()
    Object.assign(part.faults, { [fault]: value })
    expect(read()).toBe(hex)
    Object.assign(part.faults, { [fault]: typeof value === "number" ? undefined : false })
    expect(read()).toBe("32 00 14 00 46")
  })
})
