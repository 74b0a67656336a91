import { describe, expect, test } from "vitest"
import { Ntc } from "../../../sim/parts/ntc"
import { bench } from "./bench"

function ntc(options: Record<string, number | string> = {}, isHeating = false) {
  const table = bench(1, undefined, options)
  const part = new Ntc(table.place)
  part.air.lagS = 0
  if (!isHeating) part.heating.tauS = 1e9
  part.powerOn()
  const volts = () => table.net("signal").sample(table.clock.nowUs)!
  return { ...table, part, volts, ohms: () => part.values().ohms }
}

describe("resistance by the Beta model", () => {
  // R25 e^(B (1/T - 1/298.15)), computed apart: 0 °C is 1/273.15 - 1/298.15 = 3.0698e-4.
  test.each([
    [{}, 25, 10_000],
    [{}, 0, 33_621],
    [{}, 50, 3_588],
    [{ beta: 3435 }, 0, 28_704],
    [{ ohms: 100_000, beta: 3950 }, 0, 336_206],
  ])("%o at %f °C is %f ohms", (options, temperatureC, expected) => {
    const { part, ohms } = ntc(options as Record<string, number>)
    part.temperatureC = temperatureC
    expect(Math.abs(ohms() / expected - 1)).toBeLessThan(0.002)
  })
})

describe("the divider", () => {
  test("is half the supply at 25 °C, lower when warm with the thermistor at ground, higher with it at the supply", () => {
    const low = ntc()
    low.part.temperatureC = 25
    expect(low.volts()).toBeCloseTo(1.65, 3)
    low.part.temperatureC = 50
    expect(low.volts()).toBeCloseTo((3.3 * 3588) / 13_588, 2)
    const high = ntc({ to: "supply" })
    high.part.temperatureC = 50
    expect(high.volts()).toBeCloseTo((3.3 * 10_000) / 13_588, 2)
  })

  test("takes its series resistor from the wiring", () => {
    const { part, volts } = ntc({ seriesOhms: 30_000 })
    part.temperatureC = 25
    expect(volts()).toBeCloseTo(0.825, 3)
  })

  test("is pulled away by a pull-up on the pin", () => {
    const { part, net, host, volts } = ntc()
    part.temperatureC = 25
    net("signal").drive(host, { kind: "pull", level: 1 })
    // 5 kOhm at 1.65 V beside 45 kOhm at 3.3 V
    expect(volts()).toBeCloseTo((1.65 / 5 + 3.3 / 45) / (1 / 5 + 1 / 45), 3)
  })

  test("is gone without power", () => {
    const { part, net } = ntc()
    part.powerOff()
    expect([net("signal").state, net("signal").sample(0)]).toEqual(["float", undefined])
  })
})

test("warms itself: 0.27 mW at 2.2 mW/K are 0.12 K, slowly", () => {
  const { part, volts, clock } = ntc({}, true)
  part.temperatureC = 25
  const cold = volts()
  clock.advance(120_000_000)
  const warm = volts()
  // 1 K is 3950 / 298.15^2 = 4.44 % of resistance, and half of that of the voltage at the middle.
  const riseK = (cold - warm) / cold / (3950 / 298.15 ** 2 / 2)
  expect(riseK).toBeGreaterThan(0.1)
  expect(riseK).toBeLessThan(0.14)
})

test("follows the air with its lag", () => {
  const { part, volts, clock } = ntc()
  part.temperatureC = 25
  clock.advance(1_000_000)
  part.air.lagS = 15
  part.temperatureC = 35
  expect(volts()).toBeCloseTo(1.65, 2)
  clock.advance(150_000_000)
  expect(volts()).toBeCloseTo((3.3 * part.values().ohms) / (part.values().ohms + 10_000), 3)
  expect(part.values().ohms).toBeLessThan(6_600)
})

describe("faults", () => {
  test.each([
    ["broken", 3.3],
    ["shorted", 0],
  ] as const)("%s reads %f V", (fault, expected) => {
    const { part, volts } = ntc()
    part.faults[fault] = true
    expect(volts()).toBeCloseTo(expected, 2)
    part.faults[fault] = false
    part.temperatureC = 25
    expect(volts()).toBeCloseTo(1.65, 2)
  })

  test("frozen and drift", () => {
    const { part, volts, clock } = ntc()
    part.temperatureC = 25
    part.faults.frozen = true
    part.temperatureC = 60
    expect(volts()).toBeCloseTo(1.65, 3)
    part.faults.frozen = false
    part.temperatureC = 20
    part.faults.drift = 5
    clock.advance(3_600_000_000)
    expect(volts()).toBeCloseTo(1.65, 2)
  })
})

test("draws what flows through both resistors", () => {
  const { part } = ntc()
  part.temperatureC = 25
  expect(part.currentMa()).toBeCloseTo(0.165, 3)
})
