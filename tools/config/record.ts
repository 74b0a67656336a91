import type { DeviceSpec } from "../../sim/device"
import type { SettingsRecord } from "../../src/device/settings-schema"
import type { Config } from "./load"
import type { Device } from "./device"

export interface RecordOptions {
  /** For the simulator: taken for secrets that are not set. */
  standIn?: string
  /** Another broker than the file's: `motewire sim --broker`. */
  broker?: { host: string; port: number; user?: string; password?: string }
}

/** What Storage holds for one device, as text: it becomes UTF-8 where it is written, since the chip knows bytes only (D3). */
export function settingsRecord(config: Config, deviceName: string, options: RecordOptions = {}): SettingsRecord {
  const { network, broker } = config
  const device = deviceNamed(config, deviceName)
  const to = options.broker ?? { ...broker, password: broker.password && (broker.password.reveal() ?? options.standIn) }
  const record: SettingsRecord = {
    id: device.name,
    ssid: network.ssid,
    pass: wifiPassword(config, options.standIn),
    host: to.host,
    port: to.port,
    s: device.settings,
  }
  if (!options.broker && broker.more) record.more = broker.more
  if (to.user !== undefined) record.user = to.user
  if (to.password !== undefined) record.pw = to.password
  return record
}

/** "" for an open network; what the simulator's access point must expect as well. */
export function wifiPassword({ network }: Config, standIn?: string): string {
  if (!network.password) return ""
  const password = network.password.reveal() ?? standIn
  if (password === undefined) throw new Error(`${network.password.env} is not set`)
  return password
}

/** One device as the simulator takes it (sim/house.ts DeviceSpec). */
export function deviceSpec(
  config: Config,
  deviceName: string,
  bundle: string,
  options: RecordOptions = {},
): DeviceSpec {
  const { name, board, parts } = deviceNamed(config, deviceName)
  const simulated = { ...board, blocks: board.memory.blocks }
  return { name, bundle, board: simulated, parts, record: settingsRecord(config, deviceName, options) }
}

function deviceNamed(config: Config, name: string): Device {
  const device = config.devices.find((each) => each.name === name)
  if (!device) throw new Error(`no device "${name}" in ${config.file}`)
  return device
}
