import type { Storage } from "../hal/storage"
import type { SettingsRecord } from "./settings-schema"

/**
 * The settings record in Storage. Two files take turns, since the chip erases a changed file before it writes it:
 * whatever moment power fails, one of them is whole. A file is `<CRC-32 of the rest> <sequence> <JSON>`.
 */
export const SETTINGS_FILES = ["mw.a", "mw.b"]

type Crc32 = (bytes: string) => number

export function encodeSettings(record: SettingsRecord, sequence: number, crc32: Crc32): string {
  const body = `${sequence} ${JSON.stringify(record)}`
  return `${crc32(body)} ${body}`
}

/** The sequence number of a whole file, or 0. */
function sequenceOf(file: string, crc32: Crc32): number {
  const at = file.indexOf(" ")
  return at > 0 && file.substring(0, at) === `${crc32(file.substr(at + 1))}` ? parseInt(file.substr(at + 1)) : 0
}

/** The newest whole record, or undefined when there is none. */
export function readSettings(storage: Storage, crc32: Crc32): SettingsRecord | undefined {
  // Until 2v28 `map` leaves a hole where undefined is given, passes it over the next time, and nothing is above a hole (#2678).
  const files = SETTINGS_FILES.map((name) => storage.read(name) || "")
  const sequences = files.map((file) => sequenceOf(file, crc32))
  const newest = sequences[1]! > sequences[0]! ? 1 : 0
  if (sequences[newest]) return JSON.parse(files[newest]!.substr(files[newest]!.indexOf("{")))
}

/** Writes the record over the older file. False when Storage has no room; the newer file is then still there. */
export function writeSettings(storage: Storage, record: SettingsRecord, crc32: Crc32): boolean {
  const sequences = SETTINGS_FILES.map((name) => sequenceOf(storage.read(name) || "", crc32))
  const older = sequences[1]! > sequences[0]! ? 0 : 1
  const file = encodeSettings(record, sequences[1 - older]! + 1, crc32)
  // A write for which there is no room has the firmware move files, this program's among them.
  return file.length + 64 < storage.getStats().freeBytes && storage.write(SETTINGS_FILES[older]!, file)
}
