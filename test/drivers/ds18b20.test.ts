import { beforeEach, describe, expect, test } from "vitest"
import { ds18b20, padError, type Ds18b20 } from "../../src/drivers/ds18b20"
import { E_BUSY, E_CHECKSUM, E_NO_ANSWER, E_NOT_READY } from "../../src/drivers/errors"
import { FakeClock } from "../fakes/clock"
import { crcOf, FakeOneWire, FakeThermometer } from "../fakes/one-wire"

const ROMS = ["28ff641e8216043c", "28000001020304a5", "28aabbccddeeff10"]

let clock: FakeClock
let parts: FakeThermometer[]
let bus: FakeOneWire
let sensors: Ds18b20
let readings: number[][]

function make(bits?: number): void {
  clock = new FakeClock(1000)
  parts = ROMS.map((rom) => new FakeThermometer(rom))
  bus = new FakeOneWire(clock, parts)
  sensors = ds18b20(bus, clock, bits)
  readings = []
}
const sample = () => sensors.sample((...reading) => void readings.push(reading))
beforeEach(() => make())

describe("a temperature", () => {
  // DS18B20 datasheet, table 1: temperature and its 16 bits.
  test.each([
    [125, 0x07d0],
    [25.0625, 0x0191],
    [10.125, 0x00a2],
    [0.5, 0x0008],
    [0, 0x0000],
    [-0.5, 0xfff8],
    [-10.125, 0xff5e],
    [-25.0625, 0xfe6f],
    [-55, 0xfc90],
  ])("of %d °C is read from the datasheet's 16 bits", (temperatureC, raw) => {
    parts.forEach((part) => (part.raw = raw))
    sample()
    clock.advance(1000)
    expect(readings).toEqual([0, 1, 2].map((index) => [0, temperatureC, index]))
  })

  test.each([
    [9, 25, 100],
    [10, 25, 200],
    [11, 25, 400],
    [12, 25.0625, 800],
  ])("at %d bits is %d °C after %d ms, whatever the unused bits say", (bits, temperatureC, waitMs) => {
    make(bits)
    sample()
    clock.advance(waitMs - 1)
    expect(readings).toEqual([])
    clock.advance(1)
    expect(readings).toEqual([[0, temperatureC, 0]])
  })
})

describe("a sample", () => {
  test("starts all parts at once with the line powered, and then reads one part per tick", () => {
    sample()
    expect(bus.sent).toEqual(["skip 4e 2d 2d 7f", "skip 44 power"])
    clock.advance(800)
    expect(readings).toHaveLength(1)
    clock.advance(1)
    expect(readings).toHaveLength(2)
    clock.advance(1)
    expect(bus.sent.slice(2)).toEqual(ROMS.map((rom) => `select ${rom} be`))
    expect(clock.nextInMs()).toBeUndefined()
  })

  test("never blocks for longer than 13 ms", () => {
    sample()
    parts[1]!.spoiltReads = 1
    clock.advance(2000)
    expect(readings).toHaveLength(3)
    expect(bus.longestBlockMs).toBeGreaterThan(5)
    expect(bus.longestBlockMs).toBeLessThan(13)
  })

  test("is busy until the last part was told, and may be asked again from inside that", () => {
    const answers: number[] = []
    expect(sensors.sample(() => answers.push(sensors.sample(() => undefined)))).toBe(0)
    expect([sample(), sensors.search()]).toEqual([E_BUSY, E_BUSY])
    clock.advance(900)
    expect(answers).toEqual([E_BUSY, E_BUSY, 0])
  })

  test("never calls done inside itself", () => {
    sample()
    expect(readings).toEqual([])
  })
})

describe("parts", () => {
  test("are looked for once at the start, and again on demand", () => {
    expect([sensors.roms(), bus.searches]).toEqual([ROMS, 1])
    bus.parts.push(new FakeThermometer("28ffffffffffff01"))
    sample()
    clock.advance(2000)
    expect(readings).toHaveLength(3)
    expect(sensors.search()).toBe(4)
    expect(sensors.roms()).toHaveLength(4)
  })

  test("of another family are left alone", () => {
    bus.parts.unshift(new FakeThermometer("01aabbccddeeff10"))
    expect(sensors.search()).toBe(3)
    expect(sensors.roms()).toEqual(ROMS)
  })

  test("that come later are found by the first sample that knows none", () => {
    parts.forEach((part) => (part.isMissing = true))
    expect(sensors.search()).toBe(0)
    expect(sample()).toBe(E_NO_ANSWER)
    expect(clock.nextInMs()).toBeUndefined()
    parts[2]!.isMissing = false
    expect(sample()).toBe(0)
    clock.advance(900)
    expect(readings).toEqual([[0, 25.0625, 0]])
  })
})

describe("failure", () => {
  test("of a part that went missing is told for its index alone", () => {
    parts[1]!.isMissing = true
    sample()
    clock.advance(3000)
    expect(readings).toEqual([
      [0, 25.0625, 0],
      [E_NO_ANSWER, 0, 1],
      [0, 25.0625, 2],
    ])
  })

  test("of a line at 0 V is told for each, though zeros have the right checksum", () => {
    bus.isShorted = true
    sample()
    clock.advance(3000)
    expect(readings).toEqual([0, 1, 2].map((index) => [E_NO_ANSWER, 0, index]))
  })

  test.each([
    [1, 0],
    [2, 0],
    [3, E_CHECKSUM],
  ])("of %d spoilt readings in a row ends in %d", (spoiltReads, error) => {
    parts[1]!.spoiltReads = spoiltReads
    sample()
    clock.advance(900)
    expect(readings[1]).toEqual([error, error ? 0 : 25.0625, 1])
    expect(readings[2]).toEqual([0, 25.0625, 2])
  })

  test("of power during a conversion is made good by another conversion", () => {
    parts[0]!.losesPower = 1
    sample()
    clock.advance(800)
    expect(readings).toEqual([])
    clock.advance(810)
    expect(readings).toEqual([0, 1, 2].map((index) => [0, 25.0625, index]))
  })

  test("of power each time is told, and 85 °C never are", () => {
    parts[0]!.losesPower = 9
    sample()
    clock.advance(5000)
    expect(readings[0]).toEqual([E_NOT_READY, 0, 0])
    expect(readings).toHaveLength(3)
  })

  test("to hear the command after power-on does not pass for 85 °C", () => {
    parts[2]!.deaf = 2
    sample()
    clock.advance(5000)
    expect(readings[2]).toEqual([0, 25.0625, 2])
  })

  test("does not last: the next sample is whole", () => {
    parts.forEach((part) => (part.isMissing = true))
    sample()
    clock.advance(5000)
    parts.forEach((part) => ((part.isMissing = false), part.powerOn()))
    readings.length = 0
    sample()
    clock.advance(1000)
    expect(readings).toEqual([0, 1, 2].map((index) => [0, 25.0625, index]))
  })
})

test("85 °C that stay are believed after two more conversions", () => {
  parts.forEach((part) => (part.raw = 0x0550))
  sample()
  clock.advance(2399)
  expect(readings).toEqual([])
  clock.advance(10_000)
  expect(readings).toEqual([0, 1, 2].map((index) => [0, 85, index]))
})

test("every flipped bit of a scratchpad is found", () => {
  const pad = [0x91, 0x01, 0x2d, 0x2d, 0x7f, 0xff, 0x0c, 0x10]
  const whole = [...pad, crcOf(pad)]
  expect(padError(whole, 0x7f)).toBe(0)
  for (let bit = 0; bit < 72; bit++) {
    const spoilt = whole.with(bit >> 3, whole[bit >> 3]! ^ (1 << (bit & 7)))
    // One of them makes a configuration that no part has.
    expect([E_CHECKSUM, E_NO_ANSWER]).toContain(padError(spoilt, 0x7f))
  }
})

test("a resolution that the part did not take is told", () => {
  const pad = [0x91, 0x01, 0x2d, 0x2d, 0x7f, 0xff, 0x0c, 0x10]
  expect(padError([...pad, crcOf(pad)], 0x1f)).toBe(E_NOT_READY)
})
