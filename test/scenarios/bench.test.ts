import { readFileSync } from "node:fs"
import { beforeEach, describe, expect, test } from "vitest"
import type { Board } from "../../sim/board"
import type { Device, PartSpec } from "../../sim/device"
import { House } from "../../sim/house"
import { DimmedLed } from "../../sim/parts/dimmed-led"
import { Ds18b20 } from "../../sim/parts/ds18b20"
import { LedStrip } from "../../sim/parts/led-strip"
import { Potentiometer } from "../../sim/parts/potentiometer"
import { SerialPeer } from "../../sim/parts/serial-peer"
import { fixtureBundle } from "./home"

const PARTS: PartSpec[] = [
  { name: "probe", part: "ds18b20", pins: { data: 4 }, options: { parasite: true } },
  { name: "knob", part: "potentiometer", pins: { wiper: 34 } },
  { name: "strip", part: "led-strip", pins: { data: 23 }, options: { leds: 2 } },
  { name: "lamp", part: "dimmed-led", pins: { light: 32 } },
  { name: "desk", part: "serial-peer", pins: { rx: 17, tx: 16 }, options: { baud: 19_200 } },
]
const board = JSON.parse(readFileSync("boards/esp32-devkitc.json", "utf8")) as Board
const record = { id: "bench", ssid: "workshop", pass: "secret-word", host: "192.168.1.10", port: 1883 }
const s = { probe: 4, knob: 34, leds: 23, lamp: 32, link: [17, 16] }

let house: House
let device: Device
let desk: SerialPeer

beforeEach(async () => {
  const spec = { name: "bench", bundle: await fixtureBundle("bench"), board, record: { ...record, s }, parts: PARTS }
  house = new House({ devices: [spec], seed: 3 })
  device = house.device("bench")
  desk = device.part("desk", SerialPeer)
  house.boot()
  await house.until(() => device.logs.some(({ text }) => text === "ready"))
})

/** What the program answers over the UART. */
async function ask(order: string): Promise<string> {
  const before = desk.received.length
  desk.send(`${order}\n`)
  await house.advance("100ms")
  return desk.received.slice(before)
}

describe("a program told over its UART what to do", () => {
  test("reads a DS18B20 that lives on the power of its line: 85 °C first, then what it feels", async () => {
    device.part("probe", Ds18b20).air.lagS = 0
    device.part("probe", Ds18b20).temperatureC = -10.125
    expect(await ask("probe")).toBe("T 85\n")
    await ask("convert")
    await house.advance("1s")
    expect(await ask("probe")).toBe("T 4085.875\n") // two's complement: FF5E
  })

  test("says that there is no sensor", async () => {
    device.part("probe", Ds18b20).faults.missing = true
    expect(await ask("probe")).toBe("T none\n")
  })

  test("reads a knob", async () => {
    device.part("knob", Potentiometer).share = 0.25
    const share = Number((await ask("knob")).split(" ")[1])
    // 825 mV: (825 - 142) / 0.80557 steps of 4096
    expect(share).toBeCloseTo(848 / 4096, 2)
  })

  test("lights a strip and dims a lamp", async () => {
    await ask("leds")
    expect(device.part("strip", LedStrip).pixels).toMatchObject([{ red: 255 }, { green: 255 }])
    await ask("dim 0.3")
    expect(device.part("lamp", DimmedLed).light).toBeCloseTo(0.3, 2)
  })

  test("hears nothing over a wire that is broken, and all is well when it is mended", async () => {
    const fault = house.fault("bench.desk.tx: open")
    expect(await ask("probe")).toBe("")
    fault.end()
    expect(await ask("probe")).toBe("T 85\n")
  })
})

test("the same seed gives the same events", async () => {
  const run = async () => {
    for (const order of ["convert", "knob", "leds", "probe", "knob"]) await ask(order)
    return house.trace.join("\n")
  }
  const first = await run()
  const spec = { name: "bench", bundle: await fixtureBundle("bench"), board, record: { ...record, s }, parts: PARTS }
  house = new House({ devices: [spec], seed: 3 })
  device = house.device("bench")
  desk = device.part("desk", SerialPeer)
  house.boot()
  await house.until(() => device.logs.some(({ text }) => text === "ready"))
  expect(await run()).toBe(first)
  expect(first).toMatch(/GPIO34 adc .*/)
})
