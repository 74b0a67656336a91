import { describe, expect, test } from "vitest"
import { Aht20 } from "../../../sim/parts/aht20"
import { Bh1750 } from "../../../sim/parts/bh1750"
import { Bme280 } from "../../../sim/parts/bme280"
import { Sht3x } from "../../../sim/parts/sht3x"
import { Sht4x } from "../../../sim/parts/sht4x"
import { i2cBench } from "./i2c-bench"

/** What parts on an I2C bus draw, mA: before, during and after a measurement. */
describe.each([
  ["SHT3x", () => i2cBench((at) => new Sht3x(at)), 0x44, "24 00", [0.0002, 0.6, 0.0002]],
  ["SHT4x", () => i2cBench((at) => new Sht4x(at)), 0x44, "FD", [0.00008, 0.32, 0.00008]],
  ["BME280", () => i2cBench((at) => new Bme280(at)), 0x76, "F2 01 F4 25", [0.0001, 0.47, 0.0001]],
  ["AHT20", () => i2cBench((at) => new Aht20(at)), 0x38, "AC 33 00", [0.00025, 0.98, 0.00025]],
  ["BH1750", () => i2cBench((at) => new Bh1750(at)), 0x23, "20", [0.00001, 0.12, 0.00001]],
])("%s", (_, make, address, command, currents) => {
  test("draws its measuring current for the measurement and no longer", () => {
    const { part, clock, write } = make()
    part.powerOn()
    clock.advance(50_000)
    const before = part.currentMa()
    expect(write(address, command)).toBeDefined()
    clock.advance(2_000)
    const during = part.currentMa()
    clock.advance(500_000)
    expect([before, during, part.currentMa()]).toEqual(currents)
  })

  test("draws nothing when it is not there", () => {
    const { part } = make()
    part.powerOn()
    part.faults.missing = true
    expect(part.currentMa()).toBe(0)
  })
})

test("repeated measurements count by their share of the time, heaters by their power", () => {
  const sht3x = i2cBench((at) => new Sht3x(at))
  Object.assign(sht3x.part, { conversion: "slowest" }).powerOn()
  sht3x.clock.advance(10_000)
  sht3x.write(0x44, "27 37")
  expect(sht3x.part.currentMa()).toBeCloseTo(0.045 + 0.555 * 0.15, 5)
  sht3x.clock.advance(10_000)
  sht3x.write(0x44, "30 6D")
  expect(sht3x.part.currentMa()).toBeCloseTo(4 + 0.045 + 0.555 * 0.15, 5)

  const sht4x = i2cBench((at) => new Sht4x(at))
  sht4x.part.powerOn()
  sht4x.clock.advance(10_000)
  sht4x.write(0x44, "39")
  expect(sht4x.part.currentMa()).toBeCloseTo(200 / 3.3, 3)
})
