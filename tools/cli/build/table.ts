import type { Colors } from "picocolors/types"
import type { SettingKind, SettingValue } from "../../../src/device/settings-schema"
import { forecastOf } from "../../build/forecast"
import type { Bundle } from "../../build/program"
import { pinCalled, type Board } from "../../config/boards"
import type { Device } from "../../config/device"
import { durationText } from "../../config/duration"

/** What `motewire build` says about one device: bytes per module, hash, memory, settings. `file` is undefined when none was written. */
export function bundleTable(device: Device, bundle: Bundle, file: string | undefined, colors: Colors): string[] {
  const width = Math.max(...bundle.modules.map((module) => grouped(module.bytes).length), 6)
  const modules = [...bundle.modules].sort((a, b) => b.bytes - a.bytes)
  return [
    `${colors.bold(device.name)}  ${device.programAsWritten}${file ? ` ${colors.dim("→")} ${file}` : ""}`,
    ...modules.map((module) => `  ${grouped(module.bytes).padStart(width)}  ${module.file}`),
    `  ${colors.bold(grouped(bundle.bytes).padStart(width))}  ${colors.bold("bytes")}`,
    `  sha256    ${bundle.sha256}`,
    `  memory    ${memoryText(device, bundle)}`,
    `  settings  ${settingsText(device) || "none"}`,
  ]
}

function memoryText({ board, maxQueued }: Device, bundle: Bundle): string {
  const { rest, peak } = forecastOf(bundle.code, maxQueued)
  return `about ${grouped(rest)} blocks at rest, ${grouped(peak)} at most, of ${grouped(board.memory.blocks)}`
}

/** As the record holds them, read back into words: `sensor GPIO4, bus sda GPIO21 scl GPIO22, interval 30s`. */
export function settingsText({ schema, settings, board }: Pick<Device, "schema" | "settings" | "board">): string {
  const shown = Object.entries(schema).map(([name, kind]) => `${name} ${valueText(kind, settings[name], board)}`)
  return shown.join(", ")
}

function valueText(kind: SettingKind, value: SettingValue, board: Board): string {
  if (kind.kind === "duration") return durationText(Number(value))
  if (kind.kind === "text") return JSON.stringify(value)
  if (kind.kind === "pin") return pinCalled(board, value as number)
  if (kind.kind !== "pins") return String(value)
  const numbers = value as number[]
  return Object.keys(kind.roles)
    .map((role, i) => `${role} ${pinCalled(board, numbers[i])}`)
    .join(" ")
}

/** 8412 is "8,412". */
export const grouped = (bytes: number): string => String(bytes).replace(/\B(?=(\d{3})+$)/g, ",")
