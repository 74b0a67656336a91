import { resolve } from "node:path"
import { House, type HouseOptions } from "../sim/house"
import type { Bundle } from "./build/program"
import { BuildError } from "./build/problem"
import { bundlesOf } from "./build/bundles"
import { pickDevices } from "./config/pick"
import { Failure } from "./failure"
import { byteString } from "./config/bytes"
import { loadConfig, type Config } from "./config/load"
import { ConfigError } from "./config/problem"
import { deviceSpec, wifiPassword, type RecordOptions } from "./config/record"
import { framesOf, standing } from "./sim/failure"
import { follow } from "./sim/recent"

/** What a secret that is not set is in the simulator. */
const STAND_IN = "motewire-stand-in"

export interface BootOptions extends Omit<HouseOptions, "devices" | "network" | "broker"> {
  /** These devices of the file only. */
  only?: string[]
}

type Simulated = ReturnType<typeof simulated>

/** Built devices by file and names: a test file boots many houses, and building takes seconds. */
const built = new Map<string, Promise<Simulated>>()

/**
 * Builds the devices of a flash.config.json and switches them on, on simulated boards with the built-in broker. The
 * house's clock stands still until `advance`. Rejects with what is wrong in the file or in a program, as printed text.
 */
export async function bootHouse(configFile: string, { only = [], ...options }: BootOptions = {}): Promise<House> {
  const frames = framesOf(bootHouse)
  const building = builtOnce(configFile, only).catch((error: unknown) => {
    const isTheirs = error instanceof ConfigError || error instanceof BuildError || error instanceof Failure
    throw isTheirs ? standing(error, frames) : error
  })
  const { specs, network } = structuredClone(await building)
  const house = new House({ ...options, devices: specs, network })
  follow(house)
  house.boot()
  return house
}

/** Once per process, which a change of the sources starts anew (vitest's watch does). What failed is tried again. */
function builtOnce(configFile: string, only: string[]): Promise<Simulated> {
  const key = JSON.stringify([resolve(configFile), only])
  const known = built.get(key)
  if (known) return known
  const building = buildDevices(configFile, only)
  built.set(key, building)
  building.catch(() => built.delete(key))
  return building
}

/** For a caller, not for a command line. */
const ifMissing = () =>
  `Give bootHouse the path of your flash.config.json: one that is not absolute starts at ${process.cwd()}.`

async function buildDevices(configFile: string, only: string[]): Promise<Simulated> {
  const config = await loadConfig(configFile, process.env, { ifMissing: ifMissing() })
  return simulated(config, await bundlesOf(pickDevices(config, only)))
}

/** The built devices of a file as the simulator takes them, and the access point they ask for. */
export function simulated(config: Config, bundles: Map<string, Bundle>, broker?: RecordOptions["broker"]) {
  const choices = { standIn: STAND_IN, broker }
  // A board of the house may be flashed with the real one by somebody who has it.
  const isKnown = config.network.password?.isSet ?? true
  return {
    specs: [...bundles].map(([name, { code }]) => deviceSpec(config, name, code, choices)),
    network: {
      ssid: byteString(config.network.ssid),
      password: isKnown ? byteString(wifiPassword(config)) : undefined,
    },
  }
}
