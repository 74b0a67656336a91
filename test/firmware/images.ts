import { createHash } from "node:crypto"
import type { StoredFile } from "../../tools/firmware/archive"

/** Firmware as Espressif's tools write it, with bytes made up: esptool documentation "Firmware Image Format", ESP-IDF "Partition Tables". */

export const CHIP_IDS: Record<string, number> = { ESP32: 0, "ESP32-S2": 2, "ESP32-C3": 5, "ESP32-S3": 9 }
/** Where data is mapped from flash, and where RAM begins. */
const MAPPED: Record<string, number> = { ESP32: 0x3f400020, "ESP32-C3": 0x3c0d0020, "ESP32-S3": 0x3c0d0020 }
const RAM = 0x3ffb0000
export const BOOTLOADER_AT: Record<string, number> = { ESP32: 0x1000, "ESP32-C3": 0, "ESP32-S3": 0 }
export const STORAGE = { offset: 0x320000, bytes: 896 * 1024 }

/** Bytes that hardly compress, the same for the same seed. */
export function noise(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let at = 0, state = seed; at < length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[at] = state >>> 24
  }
  return bytes
}

export interface Making {
  hasHash?: boolean
  chipId?: number
}

export function image(segments: [address: number, data: Buffer][], { hasHash = true, chipId = 0 }: Making): Buffer {
  const header = Buffer.alloc(24)
  header.set([0xe9, segments.length, 2, 0x1f])
  header.writeUInt32LE(0x40080000, 4)
  header[8] = 0xee
  header.writeUInt16LE(chipId, 12)
  header[23] = hasHash ? 1 : 0
  const parts = segments.flatMap(([address, data]) => {
    const head = Buffer.alloc(8)
    head.writeUInt32LE(address)
    head.writeUInt32LE(data.length, 4)
    return [head, data]
  })
  const length = 24 + parts.reduce((sum, part) => sum + part.length, 0)
  const padding = Buffer.alloc(16 - (length % 16))
  padding[padding.length - 1] = segments.reduce((sum, [, data]) => data.reduce((x, byte) => x ^ byte, sum), 0xef)
  const whole = Buffer.concat([header, ...parts, padding])
  return hasHash ? Buffer.concat([whole, createHash("sha256").update(whole).digest()]) : whole
}

export const bootloader = (chip: string, making: Making = {}): Buffer =>
  image([[RAM, noise(9000, 7)]], { chipId: CHIP_IDS[chip], ...making })

export const app = (chip: string, version = "2v29", making: Making = {}, bytes = 40_000): Buffer =>
  image(
    [
      [MAPPED[chip] ?? MAPPED.ESP32, Buffer.concat([Buffer.from(`Espruino ${version}\0`), noise(bytes, 5)])],
      [RAM, noise(2000, 9)],
    ],
    { chipId: CHIP_IDS[chip], ...making },
  )

const TYPES = { app: 0, data: 1 }
export type Entry = [label: string, type: "app" | "data", subtype: number, offset: number, bytes: number]

/** That of Espruino 2v29 (EspruinoBuildTools, esp32/build/app/partitions_espruino.csv). */
export const ENTRIES: Entry[] = [
  ["nvs", "data", 2, 0x9000, 12 << 10],
  ["otadata", "data", 0, 0xc000, 8 << 10],
  ["factory", "app", 0, 0x10000, 1536 << 10],
  ["ota_0", "app", 0x10, 0x190000, 1536 << 10],
  ["flash", "data", 0x40, 0x310000, 64 << 10],
  ["storage", "data", 0x41, STORAGE.offset, STORAGE.bytes],
]

export function table(entries: Entry[] = ENTRIES, hasDigest = true): Buffer {
  const rows = entries.map(([label, type, subtype, offset, bytes]) => {
    const row = Buffer.alloc(32)
    row.set([0xaa, 0x50, TYPES[type], subtype])
    row.writeUInt32LE(offset, 4)
    row.writeUInt32LE(bytes, 8)
    row.write(label, 12)
    return row
  })
  const body = Buffer.concat(rows)
  const digest = Buffer.concat([
    Buffer.from([0xeb, 0xeb]),
    Buffer.alloc(14, 0xff),
    createHash("md5").update(body).digest(),
  ])
  const filled = Buffer.alloc(0xc00, 0xff)
  Buffer.concat([body, ...(hasDigest ? [digest] : [])]).copy(filled)
  return filled
}

/** The names that Espruino's build gives them (make/targets/ESP32.make, ESP32_IDF4.make). */
export function release(chip: string, version = "2v29"): StoredFile[] {
  const short = chip.toLowerCase().replace("-", "")
  const folder = `espruino_${version}_${short}`
  const isOld = chip === "ESP32"
  return [
    { path: `${folder}/bootloader.bin`, bytes: bootloader(chip) },
    { path: `${folder}/${isOld ? "partitions_espruino" : "partition-table"}.bin`, bytes: table() },
    { path: `${folder}/${isOld ? "espruino_esp32" : `espruino-${short}`}.bin`, bytes: app(chip, version) },
  ]
}

/** One picture of the flash, as esptool's merge_bin writes it. */
export function merged(chip: string, base = 0): Buffer {
  const [boot, partitions, program] = release(chip).map(({ bytes }) => bytes)
  const picture = Buffer.alloc(0x10000 + program.length, 0xff)
  boot.copy(picture, BOOTLOADER_AT[chip])
  partitions.copy(picture, 0x8000)
  program.copy(picture, 0x10000)
  return picture.subarray(base)
}
