import type { Device } from "./device"
import type { Config } from "./load"
import { didYouMean } from "../../sim/nearest"
import { EXIT_USAGE, Failure } from "../failure"

/** The devices named on the command line, in the file's order; all of them when none is named. */
export function pickDevices(config: Config, names: string[]): Device[] {
  const known = config.devices.map(({ name }) => name)
  const wrong = names.find((name) => !known.includes(name))
  if (wrong !== undefined)
    throw new Failure(`there is no device "${wrong}" in ${config.file}. ${didYouMean(wrong, known)}`, EXIT_USAGE)
  return names.length === 0 ? config.devices : config.devices.filter(({ name }) => names.includes(name))
}
