import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { ConfigError } from "../../../tools/config/problem"
import { loadConfig, type Config } from "../../../tools/config/load"
import type { SettingsSchema } from "../../../tools/config/settings"

const CLIMATE: SettingsSchema = {
  sensor: { kind: "pin", use: "wire" },
  interval: { kind: "duration", default: 30_000, min: 2000, max: 3_600_000 },
}
const BULB: SettingsSchema = {
  red: { kind: "pin", use: "pwm" },
  green: { kind: "pin", use: "pwm" },
  blue: { kind: "pin", use: "pwm" },
  level: { kind: "number", default: 5, min: 0, max: 10 },
  greeting: { kind: "text", default: "hello", maxBytes: 8 },
  on: { kind: "flag", default: true },
}
const SWITCH: SettingsSchema = {
  button: { kind: "pin", use: "input" },
  relay: { kind: "pin", use: "output" },
  room: { kind: "text", maxBytes: 20 },
}
const SCHEMAS: Record<string, SettingsSchema> = { "climate.ts": CLIMATE, "bulb.ts": BULB, "switch.ts": SWITCH }

/** A sound file; each test spoils one thing of it. */
export function sound() {
  return {
    network: { ssid: "workshop", password: { env: "WIFI_PASSWORD" } as unknown },
    broker: { host: "192.168.1.10", port: 1883 } as Record<string, unknown>,
    devices: {
      climate: {
        board: "esp32-devkitc",
        program: "climate.ts",
        settings: { sensor: "GPIO4" } as Record<string, unknown>,
        parts: { dht22: { data: "sensor" } } as Record<string, unknown>,
      },
      bulb: {
        board: "esp32-devkitc",
        program: "bulb.ts",
        settings: { red: "GPIO16", green: "GPIO17", blue: "GPIO23" } as Record<string, unknown>,
        parts: { lamp: { part: "rgb-led", red: "red", green: "green", blue: "blue" } } as Record<string, unknown>,
      },
    } as Record<string, Record<string, any>>,
  }
}

export function project(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "motewire-config-"))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** Loads a config whose programs are described by the tables above instead of being built. */
export async function load(config: unknown, env = {}, files: Record<string, string> = {}): Promise<Config> {
  const text = typeof config === "string" ? config : JSON.stringify(config)
  const programs = Object.fromEntries(Object.keys(SCHEMAS).map((name) => [name, ""]))
  const folder = project({ ...programs, "flash.config.json": text, ...files })
  return loadConfig(join(folder, "flash.config.json"), env, {
    describe: async (file) => {
      const name = file.slice(folder.length + 1)
      return { settings: SCHEMAS[name], isForSeveralBrokers: name === "switch.ts" }
    },
  })
}

/** The problems as printed, without the temporary folder in front. */
export async function problemsOf(config: unknown, env = {}, files: Record<string, string> = {}): Promise<string[]> {
  const error = await load(config, env, files).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ConfigError)) throw error ?? new Error("the config was accepted")
  return error.message.split("\n").map((line) => line.replace(/^.*?flash\.config\.json/, "flash.config.json"))
}
