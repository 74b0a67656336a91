import fc from "fast-check"
import { beforeEach, describe, expect, test } from "vitest"
import { bme280, fineOf, frameError, humidityOf, pressureOf, temperatureOf } from "../../src/drivers/bme280"
import { E_BUSY, E_NO_ANSWER, E_NOT_READY, E_RANGE, E_SHORT_FRAME, E_WRONG_PART } from "../../src/drivers/errors"
import { FakeClock } from "../fakes/clock"
import { FakeI2c } from "../fakes/i2c"

const ADDRESS = 0x76

/** T1 to T3, P1 to P9, H1 to H6, as the datasheet names them. */
interface Trim {
  t: number[]
  p: number[]
  h: number[]
}

/** BMP280 datasheet BST-BMP280-DS001, section 3.12: trimming values, counts and results; humidity's from a real BME280. */
const EXAMPLE: Trim = {
  t: [27504, 26435, -1000],
  p: [36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000],
  h: [75, 361, 0, 341, 0, 30],
}
const COUNT_T = 519888
const COUNT_P = 415148

const low = (word: number) => word & 255
const high = (word: number) => (word >> 8) & 255

/** Registers 0x88 to 0xA1 (table 16). */
const firstBlock = ({ t, p, h }: Trim) => [...[...t, ...p].flatMap((word) => [low(word), high(word)]), 0, h[0]!]
/** Registers 0xE1 to 0xE7: H4 and H5 share 0xE5. */
const secondBlock = ({ h: [, h2, h3, h4, h5, h6] }: Trim) => [
  low(h2!),
  high(h2!),
  h3!,
  (h4! >> 4) & 255,
  (h4! & 15) | ((h5! & 15) << 4),
  (h5! >> 4) & 255,
  h6! & 255,
]
const wordsOf = (trim: Trim) => new Int16Array(Uint8Array.from(firstBlock(trim)).buffer)
const restOf = (trim: Trim) => Uint8Array.from(secondBlock(trim))

/** Registers 0xF3 to 0xFE of a part that has measured. */
const frameOf = (pressure: number, temperature: number, humidity: number, status = 0, control = 0x24) => [
  ...[status, control, 0x00, 0x00],
  ...[pressure, temperature].flatMap((count) => [count >> 12, (count >> 4) & 255, (count & 15) << 4]),
  ...[high(humidity), low(humidity)],
]

// What the datasheet's integers give without a limit on their size: BigInt's shift rounds down, as C's does.

const big = (values: number[]) => values.map(BigInt)

function exactFine(trim: Trim, raw: number): bigint {
  const [t1, t2, t3] = big(trim.t) as [bigint, bigint, bigint]
  const adc = BigInt(raw)
  const one = (((adc >> 3n) - (t1 << 1n)) * t2) >> 11n
  return one + ((((((adc >> 4n) - t1) * ((adc >> 4n) - t1)) >> 12n) * t3) >> 14n)
}

/** In 1/256 Pa. */
function exactPressure(trim: Trim, fine: bigint, raw: number): bigint {
  const [p1, p2, p3, p4, p5, p6, p7, p8, p9] = big(trim.p) as bigint[] as [
    ...[bigint, bigint, bigint, bigint, bigint],
    ...[bigint, bigint, bigint, bigint],
  ]
  const one = fine - 128000n
  const two = one * one * p6 + ((one * p5) << 17n) + (p4 << 35n)
  const three = (((1n << 47n) + ((one * one * p3) >> 8n) + ((one * p2) << 12n)) * p1) >> 33n
  const p = ((((1048576n - BigInt(raw)) << 31n) - two) * 3125n) / three
  return ((p + ((p9 * (p >> 13n) * (p >> 13n)) >> 25n) + ((p8 * p) >> 19n)) >> 8n) + (p7 << 4n)
}

/** In 1/1024 %. */
function exactHumidity(trim: Trim, fine: bigint, raw: number): bigint {
  const [h1, h2, h3, h4, h5, h6] = big(trim.h) as [bigint, bigint, bigint, bigint, bigint, bigint]
  const t = fine - 76800n
  let x = ((BigInt(raw) << 14n) - (h4 << 20n) - h5 * t + 16384n) >> 15n
  x *= ((((((t * h6) >> 10n) * (((t * h3) >> 11n) + 32768n)) >> 10n) + 2097152n) * h2 + 8192n) >> 14n
  x -= ((((x >> 15n) * (x >> 15n)) >> 7n) * h1) >> 4n
  return (x < 0n ? 0n : x > 419430400n ? 419430400n : x) >> 12n
}

/** Calibrations around those of real parts, and counts all over the range that the part may give. */
const between = (min: number, max: number) => fc.integer({ min, max })
const trims = fc.record({
  t: fc.tuple(between(26000, 29500), between(25000, 27500), between(-1200, 200)),
  p: fc.tuple(
    ...[between(34000, 40000), between(-11500, -9500), between(2500, 3500), between(1500, 11000)],
    ...[between(-300, 300), between(-20, 20), between(9000, 16000), between(-15500, -9000), between(3500, 7000)],
  ),
  h: fc.tuple(
    ...[between(60, 90), between(330, 390), between(0, 10), between(250, 370), between(-20, 60), between(-30, 35)],
  ),
})
const counts = between(0, 0xfffff)

describe("compensation", () => {
  test("gives the datasheet's own example: 25.08 °C and 100653 Pa", () => {
    const fine = fineOf(wordsOf(EXAMPLE), COUNT_T)
    // 128422 is its t_fine, and 100653.27 Pa its pressure in the table.
    expect([fine, temperatureOf(fine)]).toEqual([128422, 25.08])
    expect(Math.round(pressureOf(wordsOf(EXAMPLE), fine, COUNT_P) * 100)).toBe(100653)
    expect(pressureOf(wordsOf(EXAMPLE), fine, COUNT_P)).toBeCloseTo(1006.5327, 3)
  })

  test.each([
    ["the hottest", 85, 718000],
    ["zero", 0, 440000],
    ["the coldest", -40, 312000],
  ])("of temperature near %s is that of the datasheet's integers", (_what, nearC, from) => {
    for (let raw = from - 40_000; raw < from + 40_000; raw += 997) {
      const fine = exactFine(EXAMPLE, raw)
      expect(fineOf(wordsOf(EXAMPLE), raw)).toBe(Number(fine))
      expect(temperatureOf(Number(fine))).toBe(Number((fine * 5n + 128n) >> 8n) / 100)
    }
    expect(Math.abs(temperatureOf(fineOf(wordsOf(EXAMPLE), from)) - nearC)).toBeLessThan(3)
  })

  test("of temperature and humidity is that of the datasheet's integers for any part", () => {
    fc.assert(
      fc.property(trims, counts, between(0, 0xffff), (trim, rawT, rawH) => {
        const fine = exactFine(trim, rawT)
        fc.pre(fine >= -204_800n && fine <= 435_200n)
        expect(fineOf(wordsOf(trim), rawT)).toBe(Number(fine))
        const humidity = exactHumidity(trim, fine, rawH)
        expect(humidityOf(wordsOf(trim), restOf(trim), Number(fine), rawH)).toBe(Number(humidity) / 1024)
      }),
      { numRuns: 2000 },
    )
  })

  test("of pressure differs from the datasheet's 64-bit integers by less than 0.01 Pa for any part", () => {
    fc.assert(
      fc.property(trims, between(200_000, 800_000), counts, (trim, rawT, rawP) => {
        const fine = exactFine(trim, rawT)
        fc.pre(fine >= -204_800n && fine <= 435_200n)
        const pa = Number(exactPressure(trim, fine, rawP)) / 256
        fc.pre(pa >= 30_000 && pa <= 110_000)
        expect(Math.abs(pressureOf(wordsOf(trim), Number(fine), rawP) * 100 - pa)).toBeLessThan(0.01)
      }),
      { numRuns: 2000 },
    )
  })

  test("of humidity ends at 0 and 100 %, and knows a negative H4, H5, H2 and H6", () => {
    const trim = { ...EXAMPLE, h: [75, 361, 2, -12, -7, -30] }
    for (const raw of [0, 1000, 9000, 20_000, 40_000, 65_535])
      expect(humidityOf(wordsOf(trim), restOf(trim), 128_422, raw)).toBe(
        Number(exactHumidity(trim, 128_422n, raw)) / 1024,
      )
    const all = [0, 65_535].map((raw) => humidityOf(wordsOf(EXAMPLE), restOf(EXAMPLE), 128_422, raw))
    expect(all).toEqual([0, 100])
  })

  test("of pressure is nothing without a calibration", () => {
    expect(Number.isFinite(pressureOf(new Int16Array(13), 128_422, COUNT_P))).toBe(false)
  })
})

describe("a frame", () => {
  test.each([
    ["of a part that has measured", frameOf(COUNT_P, COUNT_T, 30_000), 0],
    ["of a part that measures still", frameOf(COUNT_P, COUNT_T, 30_000, 0x08), E_NOT_READY],
    ["of a part whose mode is still forced", frameOf(COUNT_P, COUNT_T, 30_000, 0, 0x25), E_NOT_READY],
    ["of a part that began anew", frameOf(0x80000, 0x80000, 0x8000, 0, 0), E_NOT_READY],
    ["of a line that hangs low", Array<number>(12).fill(0), E_NOT_READY],
    ["of a line that hangs high", Array<number>(12).fill(255), E_NOT_READY],
    ["that ends early", frameOf(COUNT_P, COUNT_T, 30_000).slice(0, 11), E_SHORT_FRAME],
    ["of nothing", [], E_SHORT_FRAME],
  ])("%s", (_what, bytes, error) => {
    expect(frameError(Uint8Array.from(bytes))).toBe(error)
  })
})

let clock: FakeClock
let bus: FakeI2c
let readings: number[][]

const onWeather = (...reading: number[]) => void readings.push(reading)

beforeEach(() => {
  clock = new FakeClock(500)
  bus = new FakeI2c(clock)
  readings = []
})

const learns = (script: FakeI2c, trim = EXAMPLE, address = ADDRESS) =>
  script
    .takes(address, 0xd0)
    .gives(address, 0x60)
    .takes(address, 0x88)
    .gives(address, ...firstBlock(trim))
    .takes(address, 0xe1)
    .gives(address, ...secondBlock(trim))
const asks = (script: FakeI2c, address = ADDRESS) => script.takes(address, 0xf5, 0x00, 0xf2, 0x01, 0xf4, 0x25)
const FRAME = frameOf(COUNT_P, COUNT_T, 30_000)
const humidityPct = Number(exactHumidity(EXAMPLE, 128_422n, 30_000)) / 1024
const READING = [0, 25.08, humidityPct, expect.closeTo(1006.5327, 3)]

describe("bme280", () => {
  test("knows the part and its calibration, has it measure once, waits for 11 ms and reads", () => {
    asks(learns(bus))
      .takes(ADDRESS, 0xf3)
      .gives(ADDRESS, ...FRAME)
    const sensor = bme280(bus, clock)
    expect([sensor.sample(onWeather), sensor.sample(onWeather)]).toEqual([0, E_BUSY])
    clock.advance(11)
    bus.end()
    expect([bus.timesMs.slice(-3), readings]).toEqual([[500, 511, 511], [READING]])
  })

  test("reads the calibration once", () => {
    const sensor = bme280(bus, clock)
    learns(bus)
    for (let nth = 0; nth < 3; nth++) {
      asks(bus)
        .takes(ADDRESS, 0xf3)
        .gives(ADDRESS, ...FRAME)
      sensor.sample(onWeather)
      clock.advance(60_000)
      bus.end()
    }
    expect(readings).toEqual([READING, READING, READING])
  })

  test("goes to the other address when told so", () => {
    asks(learns(bus, EXAMPLE, 0x77), 0x77)
      .takes(0x77, 0xf3)
      .gives(0x77, ...FRAME)
    bme280(bus, clock, 0x77).sample(onWeather)
    clock.advance(11)
    expect(readings).toEqual([READING])
  })

  test("reads the calibration again when a value is out of range: it may be that which was spoilt", () => {
    asks(learns(bus, { ...EXAMPLE, p: [0, ...EXAMPLE.p.slice(1)] }))
      .takes(ADDRESS, 0xf3)
      .gives(ADDRESS, ...FRAME)
    asks(learns(bus))
      .takes(ADDRESS, 0xf3)
      .gives(ADDRESS, ...FRAME)
    bme280(bus, clock).sample(onWeather)
    clock.advance(80)
    bus.end()
    expect(readings).toEqual([READING])
  })

  const id = (script: FakeI2c) => script.takes(ADDRESS, 0xd0).gives(ADDRESS, 0x60)
  const data = (script: FakeI2c) => script.takes(ADDRESS, 0xf3)
  /** Those before the calibration is known, and those after. */
  const early: [string, number, (script: FakeI2c) => void][] = [
    ["a part that is missing", E_NO_ANSWER, (script) => script.refuses(ADDRESS, 0xd0)],
    [
      "a part that does not say what it is",
      E_NO_ANSWER,
      (script) => script.takes(ADDRESS, 0xd0).refusesRead(ADDRESS, 1),
    ],
    ["a BMP280", E_WRONG_PART, (script) => script.takes(ADDRESS, 0xd0).gives(ADDRESS, 0x58)],
    [
      "a part without a calibration",
      E_NO_ANSWER,
      (script) =>
        id(script)
          .refuses(ADDRESS, 0x88)
          .takes(ADDRESS, 0xe1)
          .gives(ADDRESS, ...secondBlock(EXAMPLE)),
    ],
    [
      "a part with half a calibration",
      E_NO_ANSWER,
      (script) =>
        id(script)
          .takes(ADDRESS, 0x88)
          .gives(ADDRESS, ...firstBlock(EXAMPLE))
          .takes(ADDRESS, 0xe1)
          .refusesRead(ADDRESS, 7),
    ],
  ]
  const late: typeof early = [
    [
      "a part that takes no command",
      E_NO_ANSWER,
      (script) => script.refuses(ADDRESS, 0xf5, 0x00, 0xf2, 0x01, 0xf4, 0x25),
    ],
    ["a part that goes away", E_NO_ANSWER, (script) => data(asks(script)).refusesRead(ADDRESS, 12)],
    [
      "a part that never finishes",
      E_NOT_READY,
      (script) => data(asks(script)).gives(ADDRESS, ...frameOf(1, 1, 1, 8, 0x25)),
    ],
    ["an answer that ends early", E_SHORT_FRAME, (script) => data(asks(script)).givesOnly(ADDRESS, 12, 0, 0x24)],
  ]

  test.each(early)("tells of %s after three attempts", (_what, error, fail) => {
    for (let attempt = 0; attempt < 3; attempt++) fail(bus)
    bme280(bus, clock).sample(onWeather)
    clock.advance(80)
    bus.end()
    expect([readings, clock.nextInMs()]).toEqual([[[error, 0, 0, 0]], undefined])
  })

  test.each(late)("tells of %s after three attempts", (_what, error, fail) => {
    learns(bus)
    for (let attempt = 0; attempt < 3; attempt++) fail(bus)
    bme280(bus, clock).sample(onWeather)
    clock.advance(80)
    bus.end()
    expect([readings, clock.nextInMs()]).toEqual([[[error, 0, 0, 0]], undefined])
  })

  test.each(early)("makes good %s by another attempt", (_what, _error, fail) => {
    fail(bus)
    asks(learns(bus))
      .takes(ADDRESS, 0xf3)
      .gives(ADDRESS, ...FRAME)
    bme280(bus, clock).sample(onWeather)
    clock.advance(80)
    bus.end()
    expect(readings).toEqual([READING])
  })

  test("tells of a pressure that no such part can measure", () => {
    const tooHigh = frameOf(0, COUNT_T, 30_000)
    for (let attempt = 0; attempt < 3; attempt++) data(asks(learns(bus))).gives(ADDRESS, ...tooHigh)
    bme280(bus, clock).sample(onWeather)
    clock.advance(80)
    bus.end()
    expect(readings).toEqual([[E_RANGE, 0, 0, 0]])
  })
})
