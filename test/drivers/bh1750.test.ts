import { beforeEach, describe, expect, test } from "vitest"
import { bh1750, luxOf } from "../../src/drivers/bh1750"
import { E_BUSY, E_NO_ANSWER, E_RANGE, E_SHORT_FRAME } from "../../src/drivers/errors"
import { FakeClock } from "../fakes/clock"
import { FakeI2c } from "../fakes/i2c"

const ADDRESS = 0x23

let clock: FakeClock
let bus: FakeI2c
let readings: number[][]

const onLight = (...reading: number[]) => void readings.push(reading)

/** One command a message: the technical note wants a STOP behind each. 69 is 010_00101, 31 is 000_11111. */
const asked = (script: FakeI2c, address = ADDRESS) =>
  script.takes(address, 0x42).takes(address, 0x65).takes(address, 0x20)
const askedShort = (script: FakeI2c) => script.takes(ADDRESS, 0x40).takes(ADDRESS, 0x7f).takes(ADDRESS, 0x20)

beforeEach(() => {
  clock = new FakeClock(500)
  bus = new FakeI2c(clock)
  readings = []
})

describe("decoding", () => {
  test.each([
    ["the dark", 0, 69, 0],
    ["one count", 1, 69, 0.833],
    // The technical note's own example.
    ["0x8390", 0x8390, 69, 28066.7],
    ["the end of the usual range", 0xfffe, 69, 54611.7],
    ["one count at the short time", 1, 31, 1.855],
    ["the end of the bright range", 0xfffe, 31, 121555],
  ])("%s", (_what, count, time, lux) => {
    expect(luxOf(count, time) / (lux || 1)).toBeCloseTo(lux && 1, 3)
  })
})

describe("bh1750", () => {
  test("sets the time, asks for one measurement, waits for 181 ms and reads", () => {
    asked(bus).gives(ADDRESS, 0x01, 0x2c)
    const sensor = bh1750(bus, clock)
    expect([sensor.sample(onLight), sensor.sample(onLight)]).toEqual([0, E_BUSY])
    clock.advance(181)
    bus.end()
    expect([bus.timesMs, readings]).toEqual([[500, 500, 500, 681], [[0, 250]]])
  })

  test("goes to the other address when told so", () => {
    asked(bus, 0x5c).gives(0x5c, 0, 0)
    bh1750(bus, clock, 0x5c).sample(onLight)
    clock.advance(181)
    expect(readings).toEqual([[0, 0]])
  })

  test("measures again with a short time what is too bright, in the same sample", () => {
    asked(bus).gives(ADDRESS, 255, 255)
    askedShort(bus).gives(ADDRESS, 0xd8, 0xf0)
    bh1750(bus, clock).sample(onLight)
    clock.advance(284)
    bus.end()
    expect(readings).toEqual([[0, expect.closeTo(103010.3, 1)]])
  })

  test("keeps the short time while it is bright, and takes the usual one again below 27,266 lx", () => {
    const sensor = bh1750(bus, clock)
    const sample = () => {
      sensor.sample(onLight)
      clock.advance(284)
      bus.end()
    }
    asked(bus).gives(ADDRESS, 255, 255)
    askedShort(bus).gives(ADDRESS, 0x39, 0x6c)
    sample()
    askedShort(bus).gives(ADDRESS, 0x39, 0x6b)
    sample()
    asked(bus).gives(ADDRESS, 0x7f, 0xc0)
    sample()
    expect(readings.map(([error]) => error)).toEqual([0, 0, 0])
  })

  test("says when it is brighter than the part can tell", () => {
    asked(bus).gives(ADDRESS, 255, 255)
    askedShort(bus).gives(ADDRESS, 255, 255)
    askedShort(bus).gives(ADDRESS, 255, 255)
    bh1750(bus, clock).sample(onLight)
    clock.advance(600)
    bus.end()
    expect(readings).toEqual([[E_RANGE, 0]])
  })

  const failures: [string, number, (script: FakeI2c) => void][] = [
    ["a part that is missing", E_NO_ANSWER, (script) => script.refuses(ADDRESS, 0x42)],
    ["a part that misses a command", E_NO_ANSWER, (script) => script.takes(ADDRESS, 0x42).refuses(ADDRESS, 0x65)],
    ["a part that goes away", E_NO_ANSWER, (script) => asked(script).refusesRead(ADDRESS, 2)],
    ["an answer that ends early", E_SHORT_FRAME, (script) => asked(script).givesOnly(ADDRESS, 2, 7)],
  ]

  test.each(failures)("tells of %s after three attempts", (_what, error, fail) => {
    for (let attempt = 0; attempt < 3; attempt++) fail(bus)
    bh1750(bus, clock).sample(onLight)
    clock.advance(600)
    bus.end()
    expect([readings, clock.nextInMs()]).toEqual([[[error, 0]], undefined])
  })

  test.each(failures)("makes good %s by another attempt", (_what, _error, fail) => {
    fail(bus)
    asked(bus).gives(ADDRESS, 0x01, 0x2c)
    bh1750(bus, clock).sample(onLight)
    clock.advance(600)
    bus.end()
    expect(readings).toEqual([[0, 250]])
  })
})
