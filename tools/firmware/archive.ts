import { existsSync, readFileSync, statSync } from "node:fs"
import { basename } from "node:path"
import { crc32, gunzipSync, inflateRawSync } from "node:zlib"
import { Failure } from "../failure"

export interface StoredFile {
  /** Inside the archive, or the file's own name. */
  path: string
  bytes: Buffer
}

/** No build of Espruino for a 16 MB flash is larger, and no hostile archive fills the memory. */
const MAX_BYTES = 32 << 20
const WANTED = /\.(bin|tgz|tar\.gz)$/i

/** The .bin files of a .zip, .tgz or .tar, or the file itself: told apart by what they begin with. Fails on a damaged one. */
export function readFirmwareFile(path: string): StoredFile[] {
  if (!existsSync(path)) throw new Failure(`there is no file ${path}.`)
  if (statSync(path).isDirectory())
    throw new Failure(`${path} is a folder. --file takes the .zip, .tgz or .bin itself.`)
  try {
    return unpack({ path: basename(path), bytes: readFileSync(path) })
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure(`${path} is damaged (${why(error as NodeJS.ErrnoException)}). Download it again.`)
  }
}

/** A length that points behind the end of the file. */
const why = ({ code, message }: NodeJS.ErrnoException) => (code === "ERR_OUT_OF_RANGE" ? "its end is missing" : message)

function unpack(file: StoredFile): StoredFile[] {
  const { path, bytes } = file
  if (bytes.length >= 2 && bytes.readUInt16LE() === GZIP)
    return unpack({ path, bytes: gunzipSync(bytes, { maxOutputLength: MAX_BYTES }) })
  if (bytes.length >= 4 && bytes.readUInt32LE() === ZIP_LOCAL) return wantedOf(unzip(bytes))
  if (bytes.toString("latin1", 257, 262) === "ustar") return wantedOf(untar(bytes))
  return [file]
}

const wantedOf = (files: Iterable<StoredFile>) => [...files].flatMap(unpack)

const GZIP = 0x8b1f
const BLOCK_BYTES = 512

/** POSIX.1-1988 ustar: blocks of 512 bytes, a header with octal numbers before each file, two empty blocks at the end. */
function* untar(tar: Buffer): Iterable<StoredFile> {
  for (let at = 0; tar[at] !== 0;) {
    const header = tar.subarray(at, at + BLOCK_BYTES)
    const octal = (from: number, to: number) => parseInt(text(header, from, to), 8) || 0
    const size = octal(124, 136)
    const begin = at + BLOCK_BYTES
    at = begin + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES
    if (at >= tar.length) throw new Error("its end is missing")
    // The sum counts its own field as spaces.
    const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 0x20 : byte), 0)
    if (sum !== octal(148, 156)) throw new Error("a header's checksum is wrong")
    const path = [text(header, 345, 500), text(header, 0, 100)].filter(Boolean).join("/")
    if (WANTED.test(path)) yield { path, bytes: tar.subarray(begin, begin + size) }
  }
}

const text = (bytes: Buffer, from: number, to: number) => bytes.toString("latin1", from, to).replace(/\0.*$/s, "")

/** PKWARE APPNOTE 6.3: signatures of a file's local header, its entry in the directory, and the directory's end. */
const ZIP_LOCAL = 0x04034b50
const ZIP_ENTRY = 0x02014b50
const ZIP_END = Buffer.from("PK\x05\x06", "latin1")
const STORED = 0
const DEFLATED = 8

function* unzip(zip: Buffer): Iterable<StoredFile> {
  const end = zip.lastIndexOf(ZIP_END)
  if (end < 0) throw new Error("its end is missing")
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== ZIP_ENTRY) throw new Error("its directory is spoilt")
    const nameEnd = at + 46 + zip.readUInt16LE(at + 28)
    const path = zip.toString("utf8", at + 46, nameEnd)
    if (WANTED.test(path)) yield { path, bytes: entryOf(zip, at, path) }
    at = nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
}

function entryOf(zip: Buffer, at: number, path: string): Buffer {
  const [method, crc, packedBytes, bytes] = [
    zip.readUInt16LE(at + 10),
    zip.readUInt32LE(at + 16),
    zip.readUInt32LE(at + 20),
    zip.readUInt32LE(at + 24),
  ]
  const local = zip.readUInt32LE(at + 42)
  const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
  const packed = zip.subarray(begin, begin + packedBytes)
  if (method !== STORED && method !== DEFLATED) throw new Error(`${path} is packed in a way that is not known here`)
  if (bytes > MAX_BYTES) throw new Error(`${path} is too large`)
  const file = method === STORED ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(bytes, 1) })
  if (file.length !== bytes || crc32(file) !== crc) throw new Error(`${path} is spoilt`)
  return file
}
