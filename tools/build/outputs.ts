import { createHash } from "node:crypto"
import type { SettingsRecord } from "../../src/device/settings-schema"
import { version } from "../version"
import type { Device } from "../config/device"
import type { Config } from "../config/load"
import { forecastOf, type Forecast } from "./forecast"
import { FIRMWARE, pretokenise, type Tokens } from "./pretokenise"
import type { Bundle } from "./program"

/** A secret in a file: the name of its variable, never its value. */
interface FromEnv {
  env: string
}

/** The settings record before flashing, which takes the secrets from the environment (tools/config/record.ts). */
type OpenRecord = Omit<SettingsRecord, "pass" | "pw"> & { pass: "" | FromEnv; pw?: FromEnv }

interface Manifest {
  device: string
  /** As flash.config.json names it. */
  program: string
  /** SHA-256 and length of the bundle: equal for all devices that run the program. */
  sha256: string
  bytes: number
  /** The pretokenised form, and the firmware version it is for. */
  tokens: { sha256: string; bytes: number; firmware: string }
  motewire: string
  board: string
  chip: string
  /** What it will take of the board's `total`. */
  blocks: Forecast & { total: number }
}

/** All that is built for one device. */
export interface Built {
  bundle: Bundle
  tokens: Tokens
  record: OpenRecord
  manifest: Manifest
}

export function outputsOf(config: Config, device: Device, bundle: Bundle, firmware = FIRMWARE): Built {
  const tokens = pretokenise(bundle, firmware)
  return { bundle, tokens, record: openRecord(config, device), manifest: manifestOf(device, bundle, tokens) }
}

function manifestOf({ name, programAsWritten, board, maxQueued }: Device, bundle: Bundle, tokens: Tokens): Manifest {
  return {
    device: name,
    program: programAsWritten,
    sha256: bundle.sha256,
    bytes: bundle.bytes,
    tokens: { sha256: sha256(tokens.code), bytes: tokens.code.length, firmware: tokens.firmware },
    motewire: version(),
    board: board.name,
    chip: board.chip,
    blocks: { ...forecastOf(bundle.code, maxQueued), total: board.memory.blocks },
  }
}

const sha256 = (bytes: string) => createHash("sha256").update(bytes, "latin1").digest("hex")

function openRecord({ network, broker }: Config, { name, settings }: Device): OpenRecord {
  const record: OpenRecord = {
    id: name,
    ssid: network.ssid,
    pass: network.password?.toJSON() ?? "",
    host: broker.host,
    port: broker.port,
    s: settings,
  }
  if (broker.more) record.more = broker.more
  if (broker.user !== undefined) record.user = broker.user
  if (broker.password) record.pw = broker.password.toJSON()
  return record
}
