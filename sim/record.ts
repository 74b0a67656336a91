import { crcOf } from "./espruino/e"
import { utf8Bytes } from "./espruino/source"

/** The settings of one device, as `motewire flash` puts them into Storage. */
export interface SettingsRecord {
  id: string
  ssid: string
  pass: string
  host: string
  port: number
  /** Further brokers, in order of preference. */
  more?: { host: string; port: number }[]
  user?: string
  pw?: string
  s: Record<string, number | string | boolean | number[]>
}

/** File name and bytes: `<CRC-32 of the rest> <sequence> <JSON>`, text as UTF-8. Written from the format, not with src/device. */
export function encodeRecord(record: SettingsRecord): [string, string][] {
  const body = utf8Bytes(`1 ${JSON.stringify(record)}`)
  return [["mw.a", `${crcOf(body)} ${body}`]]
}
