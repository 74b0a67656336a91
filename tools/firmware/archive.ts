import { readFileSync, statSync } from "node:fs"
import { basename } from "node:path"
import { gunzipSync } from "node:zlib"
import {
  ERR_ENCRYPTED,
  ERR_EOCDR_NOT_FOUND,
  ERR_UNSUPPORTED_COMPRESSION,
  ERR_UNSUPPORTED_ENCRYPTION,
  Uint8ArrayReader,
  Uint8ArrayWriter,
  ZipReader,
  type FileEntry,
} from "@zip.js/zip.js"
import { Parser } from "tar/parse"
import { Failure } from "../failure"

export interface StoredFile {
  /** Inside the archive, or the file's own name. */
  path: string
  bytes: Buffer
}

/** No build of Espruino for a 16 MB flash is larger, and no hostile archive fills the memory. */
const MAX_BYTES = 32 << 20
/** All that is unpacked of one file: the .zip of a release has the builds of all chips. */
const MAX_TOTAL_BYTES = 128 << 20
/** A .tgz is two, and may stand in a .zip or another .tgz. There is gzip that unpacks to itself for ever. */
const MAX_LAYERS = 4
const WANTED = /\.(bin|tgz|tar\.gz)$/i

/** Text that begins with a tag and soon has one of these; a byte order mark and comments may stand before it. */
const WEB_PAGE = /^(\xef\xbb\xbf)?\s*(?=<)[^]*?<(!doctype html|html|head|body)\b/i
const WEB_PAGE_BYTES = 2000

export const GOOD_FILES =
  "Good files are the .zip of a release from https://www.espruino.com/Download, a build for one chip (espruino_*_esp32.tgz), or a .bin of these."

/** The .bin files of a .zip, .tgz or .tar, or the file itself: told apart by what they begin with. Fails on a damaged one. */
export async function readFirmwareFile(path: string): Promise<StoredFile[]> {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) throw new Failure(`there is no file ${path}.`)
  if (stat.isDirectory()) throw new Failure(`${path} is a folder. --file takes the .zip, .tgz or .bin itself.`)
  try {
    const bytes = readFileSync(path)
    refuseOther(path, bytes)
    return await unpack({ path: basename(path), bytes }, { bytes: MAX_TOTAL_BYTES }, MAX_LAYERS)
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure(`${path} is damaged (${why(error as NodeJS.ErrnoException)}). Download it again.`)
  }
}

/** What a download leaves that failed. */
function refuseOther(path: string, bytes: Buffer): void {
  if (bytes.length === 0) throw new Failure(`${path} is empty. Download it again.`)
  if (WEB_PAGE.test(bytes.toString("latin1", 0, WEB_PAGE_BYTES)))
    throw new Failure(`${path} is a web page: what was saved is not the file that its link leads to. ${GOOD_FILES}`)
}

const CUT = "its end is missing"
const TOO_LARGE = "what it holds is too large"

function why({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ERR_BUFFER_TOO_LARGE") return TOO_LARGE
  return message === ERR_EOCDR_NOT_FOUND ? CUT : message
}

async function unpack(file: StoredFile, left: { bytes: number }, layers: number): Promise<StoredFile[]> {
  const inside = filesIn(file)
  if (!inside) return [file]
  if (layers === 0) throw new Error("it holds archives in archives without end")
  const found: StoredFile[] = []
  for await (const each of inside) {
    left.bytes -= each.bytes.length
    if (left.bytes < 0) throw new Error(TOO_LARGE)
    found.push(...(await unpack(each, left, layers - 1)))
  }
  return found
}

const GZIP = 0x8b1f
/** PKWARE APPNOTE 6.3, a file's local header. */
const ZIP_LOCAL = 0x04034b50

function filesIn({ path, bytes }: StoredFile): Iterable<StoredFile> | AsyncIterable<StoredFile> | undefined {
  if (bytes.length >= 2 && bytes.readUInt16LE() === GZIP)
    return [{ path, bytes: gunzipSync(bytes, { maxOutputLength: MAX_BYTES }) }]
  if (bytes.length >= 4 && bytes.readUInt32LE() === ZIP_LOCAL) return unzip(bytes)
  if (bytes.toString("latin1", 257, 262) === "ustar") return untar(bytes)
  return undefined
}

/** The parser works while it is fed; with `strict` what it would warn of is an error. */
function untar(tar: Buffer): StoredFile[] {
  const files: { path: string; chunks: Buffer[] }[] = []
  let damage: Error | undefined
  let hasEnd = false
  const parser = new Parser({
    strict: true,
    filter: (path, entry) => WANTED.test(path) && "type" in entry && /File$/.test(entry.type),
    onReadEntry(entry) {
      const chunks: Buffer[] = []
      files.push({ path: entry.path, chunks })
      entry.on("data", (chunk) => chunks.push(chunk))
    },
  })
  parser.on("error", (error: Error) => (damage ??= error))
  // Its two empty blocks: without them files may be missing.
  parser.on("eof", () => (hasEnd = true))
  parser.end(tar)
  if (damage && !/truncated/i.test(damage.message)) throw new Error(damage.message.replace(/^TAR_\w+: /, ""))
  if (damage || !hasEnd) throw new Error(CUT)
  return files.map(({ path, chunks }) => ({ path, bytes: Buffer.concat(chunks) }))
}

async function* unzip(zip: Buffer): AsyncIterable<StoredFile> {
  const reader = new ZipReader(new Uint8ArrayReader(zip), { checkSignature: true, useWebWorkers: false })
  for await (const entry of reader.getEntriesGenerator()) {
    const path = entry.filename
    if (entry.directory || !WANTED.test(path)) continue
    if (entry.uncompressedSize > MAX_BYTES) throw new Error(`${path} is too large`)
    yield { path, bytes: await contentOf(entry) }
  }
}

const UNKNOWN = [ERR_ENCRYPTED, ERR_UNSUPPORTED_COMPRESSION, ERR_UNSUPPORTED_ENCRYPTION]

/** Not more than the directory says that it is. */
async function contentOf(entry: FileEntry): Promise<Buffer> {
  try {
    return Buffer.from(await entry.getData(new Uint8ArrayWriter()))
  } catch (error) {
    const { message } = error as Error
    const isUnknown = UNKNOWN.includes(message)
    throw new Error(
      `${entry.filename} is ${isUnknown ? "packed in a way that is not known here" : `spoilt: ${message}`}`,
    )
  }
}
