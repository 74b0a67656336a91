import { readFileSync } from "node:fs"
import { beforeEach, describe, expect, test } from "vitest"
import type { Board } from "../../sim/board"
import type { Device, PartSpec } from "../../sim/device"
import { House } from "../../sim/house"
import { fixtureBundle } from "./home"

const BUS = { sda: 21, scl: 22 }
const PARTS: PartSpec[] = [
  { name: "aht20", part: "aht20", pins: BUS },
  { name: "bh1750", part: "bh1750", pins: BUS },
  { name: "bme280", part: "bme280", pins: BUS, options: { address: "0x77" } },
  { name: "sht3x", part: "sht3x", pins: BUS },
  { name: "sht4x", part: "sht4x", pins: BUS, options: { address: "0x45" } },
]
const CLIMATE = ["aht20", "bme280", "sht3x", "sht4x"] as const
const board = JSON.parse(readFileSync("boards/esp32-devkitc.json", "utf8")) as Board
const record = { id: "bench", ssid: "workshop", pass: "secret-word", host: "192.168.1.10", port: 1883 }

let house: House
let device: Device

async function start(): Promise<void> {
  const bundle = await fixtureBundle("i2c-sensors")
  const spec = { name: "bench", bundle, board, record: { ...record, s: { bus: [BUS.sda, BUS.scl] } }, parts: PARTS }
  house = new House({ devices: [spec], seed: 3, trace: false })
  device = house.device("bench")
}

/** What a sensor told last: error and values. */
function told(name: string): number[] {
  const line = device.logs.map(({ text }) => text).findLast((text) => text.startsWith(`${name} `))
  return line!.split(" ").slice(1).map(Number)
}
const part = (name: string) => device.parts[name] as any
const errors = () => PARTS.map(({ name }) => told(name)[0])

beforeEach(async () => {
  await start()
  house.boot()
  await house.until(() => house.linkOf("bench") === "online")
  await house.advance("10s")
})

describe("all sensors on one bus", () => {
  test.each([
    [21.4, 48.2, 1013.2, 120],
    [-19.5, 92, 980, 0],
    [0, 5, 1050, 54_000],
    [58, 12.5, 870, 90_000],
  ])(
    "read %d °C, %d percent, %d hPa and %d lx, the slowest conversions included",
    async (temperatureC, humidityPct, pressureHpa, lux) => {
      for (const name of CLIMATE) Object.assign(part(name), { temperatureC, humidityPct, conversion: "slowest" })
      Object.assign(part("bme280"), { pressureHpa })
      Object.assign(part("bh1750"), { lux, conversion: "slowest" })
      await house.advance("10min")
      for (const name of CLIMATE) {
        const [error, c, pct] = told(name)
        // Noise and self-heating of the parts, and the drier air that a warm part feels.
        expect([name, error, Math.abs(c! - temperatureC) < 1, Math.abs(pct! - humidityPct) < 3]).toEqual([
          name,
          0,
          true,
          true,
        ])
      }
      expect(Math.abs(told("bme280")[3]! - pressureHpa)).toBeLessThan(0.5)
      expect(Math.abs(told("bh1750")[1]! - lux)).toBeLessThanOrEqual(Math.max(1, lux * 0.01))
    },
  )

  test("one that is missing is told as such, the others are read, and it is read again once it is back", async () => {
    for (const [at, { name }] of PARTS.entries()) {
      part(name).faults.missing = true
      await house.advance("10s")
      expect(errors()).toEqual(PARTS.map((_, other) => (other === at ? -1 : 0)))
      part(name).faults.missing = false
      await house.advance("10s")
      expect(errors()).toEqual([0, 0, 0, 0, 0])
    }
  })

  test("a wrong checksum is no reading of those that send one", async () => {
    for (const name of ["aht20", "sht3x", "sht4x"]) part(name).faults.badCrc = true
    await house.advance("10s")
    expect(errors()).toEqual([-3, 0, 0, -3, -3])
  })

  test("a bit that is always flipped is never a reading of those that send a checksum, wherever it is", async () => {
    for (const bit of [8, 15, 20, 23, 30, 40, 47]) {
      for (const name of ["aht20", "sht3x", "sht4x"]) part(name).faults.flipBit = bit
      await house.advance("5s")
      expect([bit, told("aht20")[0], told("sht3x")[0], told("sht4x")[0]]).toEqual([bit, -3, -3, -3])
    }
  })

  test("a line shorted to ground silences all, and ends with the short", async () => {
    part("sht3x").faults.stuckLow = true
    await house.advance("60s")
    expect(errors()).toEqual([-1, -1, -1, -1, -1])
    part("sht3x").faults.stuckLow = false
    await house.advance("60s")
    expect([errors(), house.linkOf("bench")]).toEqual([[0, 0, 0, 0, 0], "online"])
  })

  test("a part that lost count in the middle of a byte is freed, and no sample is lost for good", async () => {
    part("bme280").faults.holdsSda = true
    await house.advance("10s")
    expect([part("bme280").faults.holdsSda, errors()]).toEqual([false, [0, 0, 0, 0, 0]])
  })

  test("a part that wakes without its calibration is made to load it", async () => {
    part("aht20").startsCalibrated = false
    part("aht20").powerOff()
    await house.advance("10s")
    expect(told("aht20")[0]).toBe(-1)
    part("aht20").powerOn()
    await house.advance("10s")
    expect(told("aht20")[0]).toBe(0)
  })

  test("parts that lose their power between samples are read as before", async () => {
    for (let times = 0; times < 3; times++) {
      for (const { name } of PARTS) {
        part(name).powerOff()
        part(name).powerOn()
      }
      await house.advance("6s")
      expect(errors()).toEqual([0, 0, 0, 0, 0])
    }
  })
})

describe("options", () => {
  const ask = async (topic: string, payload: string) => {
    house.broker.publish(topic, payload)
    await house.advance("11s")
  }

  test("an SHT3x measures by itself until it is stopped", async () => {
    await ask("sht3x", `${0x2130}`)
    await ask("periodic", "ON")
    expect(told("sht3x")[0]).toBe(0)
    await ask("sht3x", `${0x3093}`)
    expect(told("sht3x")[0]).toBe(-7)
    await ask("periodic", "OFF")
    expect(told("sht3x")[0]).toBe(0)
  })

  test("an SHT3x warms itself while its heater is on, and says that it does", async () => {
    const before = told("sht3x")[1]!
    await ask("sht3x", `${0x306d}`)
    await house.advance("2min")
    const [, , status] = told("command") as [number, number, number]
    expect([told("sht3x")[1]! > before + 1, (status & 0x2000) > 0]).toEqual([true, true])
    await ask("sht3x", `${0x3066}`)
    await house.advance("5min")
    expect(Math.abs(told("sht3x")[1]! - before)).toBeLessThan(1)
  })

  test("an SHT4x gives the reading of the hot part after a pulse", async () => {
    const before = told("sht4x")[1]!
    await ask("heat", "")
    const [error, hotC] = told("hot")
    expect([error, hotC! > before + 5]).toEqual([0, true])
  })
})
