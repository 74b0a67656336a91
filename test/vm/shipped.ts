import type { SettingsRecord } from "../../src/device/settings-schema"
import { loadConfig } from "../../tools/config/load"

/** A device of this repository, as a board of test/vm boots it. */
export interface Shipped {
  name: string
  /** Relative to the repository. */
  program: string
  settings: SettingsRecord["s"]
  fakes: string[]
  maxQueued?: number
}

/** Parts that fakes.js does not play. */
const FAKES: Record<string, string[]> = {
  "weather-station": ["i2c", "bme280"],
  "light-meter": ["i2c", "bh1750"],
  "led-strip": ["neopixel"],
  "cellar-thermometers": ["ds18b20"],
  thermostat: ["ntc"],
}

/** The programs that ship and every example, with the settings of their flash.config.json. */
export async function shipped(): Promise<Shipped[]> {
  const configs = await Promise.all(["flash.config.json", "examples/flash.config.json"].map((file) => loadConfig(file)))
  return configs.flatMap(({ devices, folder }) =>
    devices.map(({ name, programAsWritten, settings, maxQueued }) => ({
      name,
      program: `${folder.endsWith("examples") ? "examples/" : ""}${programAsWritten}`,
      settings,
      maxQueued,
      fakes: FAKES[name] ?? [],
    })),
  )
}
