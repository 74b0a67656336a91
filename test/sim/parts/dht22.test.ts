import { beforeEach, describe, expect, test } from "vitest"
import { Dht22 } from "../../../sim/parts/dht22"
import { bench } from "./bench"

let table: ReturnType<typeof bench>
let sensor: Dht22

beforeEach(() => {
  table = bench()
  sensor = new Dht22(table.place)
  sensor.powerOn()
  table.clock.advance(3_000_000)
})

/** One start pulse; the bits by the length of each high, as the datasheet says to read them. */
function ask(lowUs = 1_000): { edges: { level: 0 | 1; afterUs: number }[]; hex: string; bits: number } {
  const edges = table.record("data")
  table.pull("data")
  table.clock.advance(lowUs)
  table.release("data")
  table.clock.advance(10_000)
  const frame = edges.slice(2) // without the host's own two
  const highs = frame.filter((edge, i) => edge.level === 0 && i > 0).slice(1)
  const bits = highs.map((edge) => (edge.afterUs > 48 ? "1" : "0")).join("")
  return {
    edges: frame,
    hex: (bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2).toString(16).padStart(2, "0")).join(" "),
    bits: bits.length,
  }
}

/** The value of an answer is the conversion before it, so a new value shows in the second answer. */
function read(): string {
  table.clock.advance(2_500_000)
  ask()
  table.clock.advance(2_500_000)
  return ask().hex
}

describe("what it says", () => {
  test.each([
    [35.1, 65.2, "02 8c 01 5f ee"], // AM2302 datasheet, worked example: 65.2 %RH, 35.1 °C
    [-10.1, 65.2, "02 8c 80 65 73"], // the same, worked example of a negative temperature: bit 15 is the sign
    [0, 0, "00 00 00 00 00"],
    [-0.1, 0, "00 00 80 01 81"],
    [80, 100, "03 e8 03 20 0e"],
    [-40, 99.9, "03 e7 81 90 fb"],
  ])("%f °C and %f %%RH", (temperatureC, humidityPct, hex) => {
    Object.assign(sensor, { temperatureC, humidityPct })
    expect(read()).toBe(hex)
  })

  test("is quantised to 0.1 and clamped to the range of the part", () => {
    Object.assign(sensor, { temperatureC: 21.44, humidityPct: 120 })
    expect(read()).toBe("03 e8 00 d6 c1")
    Object.assign(sensor, { temperatureC: -55, humidityPct: -3 })
    expect(read()).toBe("00 00 81 90 11")
  })

  test("is the room's air until it is set by hand", () => {
    expect(read()).toBe("01 e2 00 d6 b9") // 48.2 %RH, 21.4 °C
    sensor.temperatureC = 30
    expect(sensor.values()).toEqual({ temperatureC: 30, humidityPct: 48.2 })
  })

  test("is the conversion before this answer: a change shows one answer late", () => {
    const before = ask().hex
    sensor.temperatureC = 30
    table.clock.advance(2_500_000)
    expect(ask().hex).toBe(before)
    table.clock.advance(2_500_000)
    expect(ask().hex).toBe("01 e2 01 2c 10")
  })

  test("asked again within 2 s it repeats itself and converts nothing", () => {
    ask()
    sensor.temperatureC = 30
    table.clock.advance(500_000)
    const soon = ask().hex
    table.clock.advance(500_000)
    expect(ask().hex).toBe(soon)
  })
})

describe("on the wire", () => {
  test("answers with 42 falls: response, 40 bits, end", () => {
    const { edges } = ask()
    expect(edges.filter((edge) => edge.level === 0)).toHaveLength(42)
    expect(edges.at(-1)!.level).toBe(1)
  })

  test("typical timing is the datasheet's typical column", () => {
    sensor.timing = "typical"
    const { edges } = ask()
    expect(edges.slice(0, 4).map((edge) => edge.afterUs)).toEqual([30, 80, 80, 50])
    expect(new Set(edges.slice(4, -2).map((edge) => edge.afterUs))).toEqual(new Set([26, 70, 50]))
  })

  test.each(["fastest", "slowest", "jitter"] as const)("%s edges stay inside the datasheet's limits", (timing) => {
    sensor.timing = timing
    Object.assign(sensor, { temperatureC: 27.3, humidityPct: 55.5 })
    expect(read()).toBe("02 2b 01 11 3f")
    for (const { level, afterUs } of ask().edges.slice(3, -1)) {
      const [low, high] = level === 1 ? [48, 55] : afterUs < 48 ? [22, 30] : [68, 75]
      expect(afterUs).toBeGreaterThanOrEqual(low)
      expect(afterUs).toBeLessThanOrEqual(high)
    }
  })

  test("a start outside 0.8 to 20 ms gets no answer", () => {
    expect(ask(700).edges).toHaveLength(0)
    expect(ask(21_000).edges).toHaveLength(0)
    expect(table.told).toEqual(["ignores a start of 700 us", "ignores a start of 21000 us"])
    expect(ask(20_000).bits).toBe(40)
  })

  test("is silent in the first second after power-on", () => {
    sensor.powerOff()
    sensor.powerOn()
    table.clock.advance(900_000)
    expect(ask().edges).toHaveLength(0)
    table.clock.advance(200_000)
    expect(ask().bits).toBe(40)
  })

  test("power lost in the middle of an answer ends it", () => {
    table.pull("data")
    table.clock.advance(1000)
    table.release("data")
    table.clock.advance(1000)
    sensor.powerOff()
    const edges = table.record("data")
    table.clock.advance(10_000)
    expect(edges).toHaveLength(0)
    expect(table.net("data").state).toBe("float")
  })
})

describe("faults", () => {
  test("missing: nobody answers", () => {
    sensor.faults.missing = true
    expect(ask().edges).toHaveLength(0)
  })

  test("badChecksum: four right bytes and a wrong sum", () => {
    sensor.faults.badChecksum = true
    expect(read()).toBe("01 e2 00 d6 ec")
  })

  test("flipBit: exactly that bit", () => {
    sensor.faults.flipBit = 15
    expect(read()).toBe("01 e3 00 d6 b9")
  })

  test("shortFrame: falls silent after so many bits", () => {
    sensor.faults.shortFrame = 17
    expect(ask().bits).toBe(17)
  })

  test("stuckLow and stuckHigh show on the wire at once, and end when they are taken back", () => {
    sensor.faults.stuckLow = true
    expect(table.net("data").level).toBe(0)
    sensor.faults.stuckLow = false
    expect(ask().bits).toBe(40)
    sensor.faults.stuckHigh = true
    table.pull("data")
    expect(table.net("data").state).toBe("conflict")
    table.release("data")
    expect(ask().edges).toHaveLength(0)
  })
})
