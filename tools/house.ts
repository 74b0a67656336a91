import { House, type HouseOptions } from "../sim/house"
import { bundlesOf } from "./cli/build/bundles"
import { pickDevices } from "./cli/devices"
import { byteString } from "./config/bytes"
import { loadConfig } from "./config/load"
import { deviceSpec, wifiPassword } from "./config/record"

/** What a secret that is not set is in the simulator; its access point expects the same. */
export const STAND_IN = "motewire-stand-in"

export interface BootOptions extends Omit<HouseOptions, "devices" | "network" | "broker"> {
  /** These devices of the file only. */
  only?: string[]
}

/**
 * Builds the devices of a flash.config.json and switches them on, on simulated boards with the built-in broker. The
 * house's clock stands still until `advance`. Fails with what is wrong in the file or in a program, as printed text.
 */
export async function bootHouse(configFile: string, { only, ...options }: BootOptions = {}): Promise<House> {
  const config = await loadConfig(configFile)
  const devices = pickDevices(config, only ?? [])
  const bundles = await bundlesOf(devices)
  const house = new House({
    ...options,
    devices: devices.map(({ name }) => deviceSpec(config, name, bundles.get(name)!.code, { standIn: STAND_IN })),
    network: { ssid: byteString(config.network.ssid), password: byteString(wifiPassword(config, STAND_IN)) },
  })
  house.boot()
  return house
}
