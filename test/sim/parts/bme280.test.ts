import { beforeEach, describe, expect, test } from "vitest"
import { Bme280 } from "../../../sim/parts/bme280"
import { bytesOf, hexOf, i2cBench, makeIdeal } from "./i2c-bench"

const AT = 0x76
let table: ReturnType<typeof i2cBench<Bme280>>
let sensor: Bme280

function place(options = {}, seed = 1) {
  table = i2cBench((at) => new Bme280(at), options, seed)
  sensor = table.part
  makeIdeal(sensor.air)
  sensor.conversion = "slowest"
  Object.assign(sensor, { temperatureC: 25, humidityPct: 50, pressureHpa: 1000 })
  sensor.powerOn()
  table.clock.advance(2_000)
}
beforeEach(() => place())

const order = (hex: string) => table.write(AT, hex)!
function registers(first: string, count: number): string {
  expect(table.write(AT, first)).toBeDefined()
  return table.read(AT, count)
}
/** pressure, temperature, humidity as they stand in F7 to FE. */
function raw(): [number, number, number] {
  const [p1, p2, p3, t1, t2, t3, h1, h2] = bytesOf(registers("F7", 8))
  return [(p1 << 12) | (p2 << 4) | (p3 >> 4), (t1 << 12) | (t2 << 4) | (t3 >> 4), (h1 << 8) | h2]
}
const SKIPPED = [0x80000, 0x80000, 0x8000]

/**
 * What a program makes of the registers: trimming words from where table 16 has them, then the integer formulas of the
 * datasheet (§4.2.3), of which the part uses the floating-point ones the other way round.
 */
function compensated(): { temperatureC: number; pressurePa: number; humidityPct: number } {
  const bytes = new Map<number, number>()
  bytesOf(registers("88", 26)).forEach((byte, i) => bytes.set(0x88 + i, byte))
  bytesOf(registers("E1", 7)).forEach((byte, i) => bytes.set(0xe1 + i, byte))
  const byte = (at: number) => BigInt(bytes.get(at)!)
  const u16 = (at: number) => byte(at) | (byte(at + 1) << 8n)
  const s16 = (at: number) => BigInt.asIntN(16, u16(at))
  const [adcP, adcT, adcH] = raw().map(BigInt)

  const half = (adcT >> 3n) - (u16(0x88) << 1n)
  const small = (adcT >> 4n) - u16(0x88)
  const fine = ((half * s16(0x8a)) >> 11n) + ((((small * small) >> 12n) * s16(0x8c)) >> 14n)

  let a = fine - 128000n
  let b = a * a * s16(0x98)
  b += (a * s16(0x96)) << 17n
  b += s16(0x94) << 35n
  a = ((a * a * s16(0x92)) >> 8n) + ((a * s16(0x90)) << 12n)
  a = (((1n << 47n) + a) * u16(0x8e)) >> 33n
  let p = 1048576n - adcP
  p = (((p << 31n) - b) * 3125n) / a
  p = ((p + ((s16(0x9e) * (p >> 13n) * (p >> 13n)) >> 25n) + ((s16(0x9c) * p) >> 19n)) >> 8n) + (s16(0x9a) << 4n)

  const h4 = BigInt.asIntN(12, (byte(0xe4) << 4n) | (byte(0xe5) & 15n))
  const h5 = BigInt.asIntN(12, (byte(0xe6) << 4n) | (byte(0xe5) >> 4n))
  const warm = fine - 76800n
  const gain =
    ((((warm * BigInt.asIntN(8, byte(0xe7))) >> 10n) * (((warm * byte(0xe3)) >> 11n) + 32768n)) >> 10n) + 2097152n
  let h = (((adcH << 14n) - (h4 << 20n) - h5 * warm + 16384n) >> 15n) * ((gain * s16(0xe1) + 8192n) >> 14n)
  h -= ((((h >> 15n) * (h >> 15n)) >> 7n) * byte(0xa1)) >> 4n
  return {
    temperatureC: Number((fine * 5n + 128n) >> 8n) / 100,
    pressurePa: Number(p) / 256,
    humidityPct: Number(h >> 12n) / 1024,
  }
}

/** Oversampling 1 of all three, forced: §5.4.3 and §5.4.5. */
const forced = (ctrlMeas = "25") => order(`F2 01 F4 ${ctrlMeas}`)

describe("registers, §5.3", () => {
  test("after power-on: id 60, everything else 0, no values", () => {
    expect(registers("D0", 1)).toBe("60")
    expect(registers("F2", 4)).toBe("00 00 00 00")
    expect(registers("F7", 8)).toBe("80 00 00 80 00 00 80 00")
  })

  test("the trimming words stand where table 16 has them, and differ from part to part", () => {
    const words = registers("88", 26)
    expect(registers("8E", 2)).toBe(hexOf([sensor.calibration.P1 & 255, sensor.calibration.P1 >> 8]))
    place({}, 2)
    expect(registers("88", 26)).not.toBe(words)
  })

  test("nothing can be written to but the four that may", () => {
    order("D0 11 F7 22 88 33")
    expect([registers("D0", 1), registers("F7", 1)]).toEqual(["60", "80"])
  })

  test("answers 2 ms after power-on, not before, and not without power", () => {
    sensor.powerOff()
    expect(table.read(AT, 1)).toBe("nack")
    sensor.powerOn()
    const onUs = table.clock.nowUs
    expect(table.readAt(AT, 1, onUs + 1_999)).toBe("nack")
    table.clock.runUntil(onUs + 2_000)
    expect(registers("D0", 1)).toBe("60")
  })

  test("only B6 to E0 resets, §5.4.2", () => {
    order("F5 A0")
    order("E0 B5")
    expect(registers("F5", 1)).toBe("A0")
    order("E0 B6")
    expect(table.write(AT, "F5")).toBeUndefined()
    table.clock.advance(2_500)
    expect(registers("F5", 1)).toBe("00")
  })
})

describe("forced mode, §3.3.3", () => {
  test("measures once and sleeps again", () => {
    const sentUs = forced()
    table.clock.runUntil(sentUs + 9_000)
    expect(registers("F3", 2)).toBe("08 25")
    table.clock.runUntil(sentUs + 9_300)
    expect(registers("F3", 2)).toBe("00 24")
    const first = raw()
    sensor.temperatureC = 30
    table.clock.advance(1_000_000)
    expect(raw()).toEqual(first)
  })

  test("the values come 9.3 ms after the order, not 1 us before", () => {
    const sentUs = order("F2 01 F4 25")
    table.write(AT, "F7")
    expect(table.readAt(AT, 8, sentUs + 9_299)).toBe("80 00 00 80 00 00 80 00")
    place()
    const againUs = forced()
    table.write(AT, "F7")
    expect(table.readAt(AT, 8, againUs + 9_300)).not.toContain("80 00 00")
  })

  test.each([
    ["F2 05 F4 B5", 112_800], // 1.25 + 2.3 * 48 + 2 * 0.575 ms, §9.1
    ["F2 00 F4 21", 3_550], // temperature alone
    ["F2 03 F4 6D", 1_250 + 2_300 * 12 + 1_150],
  ])("%s takes %i us", (hex, maxUs) => {
    const sentUs = order(hex)
    table.write(AT, "F3")
    expect(table.readAt(AT, 1, sentUs + maxUs - 1)).toBe("08")
    place()
    const againUs = order(hex)
    table.write(AT, "F3")
    expect(table.readAt(AT, 1, againUs + maxUs)).toBe("00")
  })

  test("what is skipped reads 80000 and 8000", () => {
    order("F2 00 F4 21")
    table.clock.advance(20_000)
    const [pressure, temperature, humidity] = raw()
    expect([pressure, humidity]).toEqual([0x80000, 0x8000])
    expect(temperature).not.toBe(0x80000)
  })

  test("ctrl_hum takes effect with the next write to ctrl_meas", () => {
    order("F4 25")
    order("F2 01")
    table.clock.advance(20_000)
    expect(raw()[2]).toBe(0x8000)
    order("F4 25")
    table.clock.advance(20_000)
    expect(raw()[2]).not.toBe(0x8000)
  })
})

describe("values", () => {
  test.each([
    [25, 50, 1000],
    [-40, 0, 300],
    [85, 100, 1100],
    [0, 30.5, 845.25],
    [-12.34, 77.7, 1034.56],
  ])("%f °C, %f %%RH, %f hPa come back through the datasheet's integers", (temperatureC, humidityPct, pressureHpa) => {
    for (const seed of [1, 2, 3]) {
      place({}, seed)
      Object.assign(sensor, { temperatureC, humidityPct, pressureHpa })
      order("F2 05 F4 B5") // oversampling 16: all 20 bits
      table.clock.advance(200_000)
      const found = compensated()
      expect(Math.abs(found.temperatureC - temperatureC)).toBeLessThanOrEqual(0.01)
      expect(Math.abs(found.pressurePa / 100 - pressureHpa)).toBeLessThan(0.01)
      expect(Math.abs(found.humidityPct - humidityPct)).toBeLessThan(0.05)
    }
  })

  test("are limited to the part's range", () => {
    Object.assign(sensor, { temperatureC: 150, humidityPct: 130, pressureHpa: 2000 })
    forced()
    table.clock.advance(20_000)
    const found = compensated()
    expect(found.temperatureC).toBeCloseTo(85, 1)
    expect(found.pressurePa / 100).toBeCloseTo(1100, 0)
    expect(found.humidityPct).toBeCloseTo(100, 0)
  })

  test("have 16 bits at oversampling 1 and one more each time it doubles", () => {
    const lowBits = (ctrlMeas: string) => {
      order(`F4 ${ctrlMeas}`)
      table.clock.advance(200_000)
      return raw()
        .slice(0, 2)
        .map((value) => value & 15)
    }
    sensor.temperatureC = 25.002
    expect(lowBits("25")).toEqual([0, 0])
    for (const bits of lowBits("49")) expect(bits & 7).toBe(0)
  })
})

describe("normal mode, §3.3.4", () => {
  test("measures again after each standby, without being told", () => {
    order("F5 A0 F2 01 F4 27") // standby 1000 ms
    table.clock.advance(20_000)
    const first = raw()
    sensor.temperatureC = 30
    table.clock.advance(900_000)
    expect(raw()).toEqual(first)
    expect(registers("F3", 2)).toBe("00 27")
    table.clock.advance(120_000)
    expect(compensated().temperatureC).toBeCloseTo(30, 1)
  })

  test("the measuring bit goes with each measurement", () => {
    order("F5 A0")
    const sentUs = order("F2 01 F4 27")
    table.write(AT, "F3")
    expect(table.readAt(AT, 1, sentUs + 1_009_300 - 1)).toBe("00")
    expect(table.readAt(AT, 1, sentUs + 1_009_300 + 1_000)).toBe("08")
  })

  test("a write to config is ignored, after sleep it is not", () => {
    order("F4 27")
    order("F5 A0")
    expect(registers("F5", 1)).toBe("00")
    order("F4 24")
    order("F5 A0")
    expect(registers("F5", 1)).toBe("A0")
  })

  test("a filter of 4 lets through a quarter of a step each time, and starts with the first value", () => {
    const sentUs = order("F5 08 F2 01 F4 27") // standby 0.5 ms, coefficient 4
    table.clock.runUntil(sentUs + 9_300)
    const before = raw()[1]
    sensor.temperatureC = 35
    table.clock.advance(9_800)
    const after = raw()[1]
    table.clock.advance(2_000_000)
    const settled = raw()[1]
    expect((after - before) / (settled - before)).toBeCloseTo(0.25, 2)
    expect(compensated().temperatureC).toBeCloseTo(35, 1)
  })

  test("a burst read shows one moment: §4.1", () => {
    order("F5 A0 F2 01")
    const sentUs = order("F4 27")
    table.write(AT, "F7")
    // The address is complete before the measurement ends, the bytes come after it.
    expect(table.readAt(AT, 8, sentUs + 9_250)).toBe("80 00 00 80 00 00 80 00")
  })
})

test("faults: missing, frozen, flipped bit, drift", () => {
  const temperature = () => {
    forced()
    table.clock.advance(20_000)
    return compensated().temperatureC
  }
  expect(temperature()).toBeCloseTo(25, 1)
  sensor.faults.frozen = true
  sensor.temperatureC = 40
  expect(temperature()).toBeCloseTo(25, 1)
  sensor.faults.frozen = false
  sensor.faults.drift = 0.5
  table.clock.advance(2 * 3_600_000_000)
  expect(temperature()).toBeCloseTo(41, 1)
  sensor.faults.flipBit = 7
  expect(registers("D0", 1)).toBe("61")
  sensor.faults.missing = true
  expect(table.read(AT, 1)).toBe("nack")
})

test("a brown-out loses settings and values, and keeps the trimming words", () => {
  const words = registers("88", 26)
  order("F5 A0 F2 01 F4 27")
  table.clock.advance(20_000)
  sensor.powerOff()
  sensor.powerOn()
  table.clock.advance(2_000)
  expect([registers("F2", 4), registers("88", 26), raw()]).toEqual(["00 00 00 00", words, SKIPPED])
})

test("0x77 with SDO high", () => {
  place({ address: "0x77" })
  expect([table.read(0x76, 1), table.read(0x77, 1)]).toEqual(["nack", "00"])
})
