import { createHash } from "node:crypto"
import { Failure } from "../failure"

/**
 * An image of the ROM and of ESP-IDF's boot loader: header, segments, checksum, SHA-256.
 * Source: Espressif, esptool documentation, "Firmware Image Format".
 */
export interface Image {
  chip: string
  /** The app has segments that are mapped from flash; the boot loader runs from RAM alone. */
  isApp: boolean
  /** Without what stands behind it. */
  bytes: Buffer
}

const IMAGE_MAGIC = 0xe9
const HEADER_BYTES = 24
const SEGMENT_HEADER_BYTES = 8
const MAX_SEGMENTS = 16
const CHECKSUM_SEED = 0xef
const HASH_BYTES = 32
/** Offsets into the header. */
const SEGMENTS = 1
const FLASH_MODE = 2
const FLASH_SIZE_AND_FREQUENCY = 3
const CHIP_ID = 12
const HAS_HASH = 23

/** Chip ids of the header (the same page, for each chip). */
const CHIPS: Record<number, string> = {
  0: "ESP32",
  2: "ESP32-S2",
  5: "ESP32-C3",
  9: "ESP32-S3",
  12: "ESP32-C2",
  13: "ESP32-C6",
  16: "ESP32-H2",
  18: "ESP32-P4",
}

/** Addresses that the cache maps from flash: data and code of each chip (Technical Reference Manuals, system and memory). */
const MAPPED: Record<string, [from: number, to: number][]> = {
  ESP32: [
    [0x3f400000, 0x3f800000],
    [0x400c2000, 0x40c00000],
  ],
  "ESP32-C3": [
    [0x3c000000, 0x3c800000],
    [0x42000000, 0x42800000],
  ],
  "ESP32-S3": [
    [0x3c000000, 0x3e000000],
    [0x42000000, 0x44000000],
  ],
}

export const isImage = (bytes: Buffer): boolean => bytes[0] === IMAGE_MAGIC

/** The image that `bytes` begin with; fails with what is wrong with it, `name` in front. */
export function readImage(bytes: Buffer, name: string): Image {
  if (!isImage(bytes)) throw new Failure(`${name} is no firmware of an ESP32.`)
  const segments = bytes[SEGMENTS]
  if (bytes.length < HEADER_BYTES) throw cutShort(name)
  const chip = CHIPS[bytes.readUInt16LE(CHIP_ID)]
  if (!chip || segments === 0 || segments > MAX_SEGMENTS || bytes[HAS_HASH] > 1)
    throw damaged(name, "its header makes no sense")
  let at = HEADER_BYTES
  let checksum = CHECKSUM_SEED
  let isApp = false
  for (let left = segments; left > 0; left--) {
    if (at + SEGMENT_HEADER_BYTES > bytes.length) throw cutShort(name)
    const address = bytes.readUInt32LE(at)
    const end = at + SEGMENT_HEADER_BYTES + bytes.readUInt32LE(at + 4)
    if (end > bytes.length) throw cutShort(name)
    for (const byte of bytes.subarray(at + SEGMENT_HEADER_BYTES, end)) checksum ^= byte
    isApp ||= !!MAPPED[chip]?.some(([from, to]) => address >= from && address < to)
    at = end
  }
  // The checksum is the last byte of a row of 16.
  const hashAt = (at + 16) & ~15
  const end = hashAt + (bytes[HAS_HASH] === 1 ? HASH_BYTES : 0)
  if (end > bytes.length) throw cutShort(name)
  if (bytes[hashAt - 1] !== checksum) throw damaged(name, "its checksum is wrong")
  if (end > hashAt && !hashOf(bytes.subarray(0, hashAt)).equals(bytes.subarray(hashAt, end)))
    throw damaged(name, "its SHA-256 is wrong")
  return { chip, isApp, bytes: bytes.subarray(0, end) }
}

const hashOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest()
const cutShort = (name: string) => damaged(name, "its end is missing")
const damaged = (name: string, why: string) => new Failure(`${name} is damaged: ${why}. Download it again.`)

const MODES: Record<string, number> = { qio: 0, qout: 1, dio: 2, dout: 3 }
const FREQUENCIES: Record<string, number> = { "40m": 0x0, "26m": 0x1, "20m": 0x2, "80m": 0xf }
/** Espruino's boot loaders (ESP-IDF 3 and 4) know no larger flash; what is behind is not used. */
const LARGEST_FLASH_BYTES = 16 << 20

/** The boot loader as the ROM is to load it: how this flash is read, and how large it is, stand in its header. */
export function withFlashSettings(image: Buffer, mode: string, frequency: string, flashBytes: number): Buffer {
  const set = Buffer.from(image)
  const megabytes = Math.min(flashBytes, LARGEST_FLASH_BYTES) / (1 << 20)
  set[FLASH_MODE] = MODES[mode]
  set[FLASH_SIZE_AND_FREQUENCY] = (Math.log2(megabytes) << 4) | FREQUENCIES[frequency]
  const hashAt = set.length - HASH_BYTES
  if (set[HAS_HASH] === 1) hashOf(set.subarray(0, hashAt)).copy(set, hashAt)
  return set
}
