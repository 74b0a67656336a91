import { readFileSync } from "node:fs"
import type { Board } from "../../sim/board"
import type { DeviceSpec } from "../../sim/device"
import { buildProgram } from "../build/program"

/** The devices of flash.config.json, written out: what is timed is the house and not the reading of files. */
export async function climateDevice(name: string, intervalMs: number): Promise<DeviceSpec> {
  return {
    ...(await device(name, "climate", { sensor: 4, interval: intervalMs, topic: "sensor/data" })),
    parts: [{ name: "dht22", part: "dht22", pins: { data: 4 } }],
  }
}

export async function bulbDevice(name: string): Promise<DeviceSpec> {
  return {
    ...(await device(name, "bulb", { red: 16, green: 17, blue: 23, topic: "sensor/data" })),
    parts: [{ name: "lamp", part: "rgb-led", pins: { red: 16, green: 17, blue: 23 } }],
  }
}

async function device(name: string, program: string, s: Record<string, string | number>): Promise<DeviceSpec> {
  const board = JSON.parse(readFileSync("boards/esp32-devkitc.json", "utf8")) as Board
  const record = { id: name, ssid: "workshop", pass: "secret-word", host: "192.168.1.10", port: 1883, s }
  return { name, bundle: await bundleOf(program), board, record }
}

const bundles = new Map<string, Promise<string>>()

function bundleOf(program: string): Promise<string> {
  const known = bundles.get(program)
  if (known) return known
  const built = buildProgram(`src/apps/${program}.ts`).then(({ code }) => code)
  bundles.set(program, built)
  return built
}
