import { createHash } from "node:crypto"
import { deflateSync } from "node:zlib"
import { ESPLoader, Transport } from "esptool-js/bundle.js"
import { Failure } from "../failure"
import type { WebSerialPort } from "./web-serial"

/** How long the chip may take. Tests wait less. */
export interface Patience {
  /** Resets into the boot loader before it is given up; esptool tries as often. */
  attempts: number
  /** For an answer that takes no flash; esptool waits as long. */
  replyMs: number
  /** For 64 KB erased and written: some 2 s, 6 s at worst (flash datasheets, W25Q32: 64 KB block erase, page program). */
  flashMs: number
  /** From a reset to the interpreter's prompt; the first boot prepares Storage. */
  bootMs: number
}

export const PATIENCE: Patience = { attempts: 7, replyMs: 3000, flashMs: 15_000, bootMs: 15_000 }

export const ROM_BAUD = 115_200
const SPI_SET_PARAMS = 0x0b
/** A block of the flash: the largest that is erased at once. */
const BLOCK_BYTES = 0x10000
const SECTOR_BYTES = 0x1000
const PAGE_BYTES = 0x100
const ALL_STATUS_BITS = 0xffff

/** A chip whose flasher stub runs. Errors are what esptool-js throws; `reasonOf` has the words. */
export interface BootLoader {
  /** With package and revision: "ESP32-D0WDQ6 (revision 1)". */
  description: string
  flashBytes: number
  /** 115200 where the board does not keep up with what was asked for. */
  baud: number
  read(offset: number, bytes: number): Promise<Buffer>
  /** Block by block, so that it can be stopped in between, and compares the MD5 of what is left. Whole sectors of 4096 bytes. */
  erase(offset: number, bytes: number, onErased: (bytes: number) => void): Promise<void>
  /** Writes, and compares the MD5 of what then stands there. `onSent` gets the bytes as they go over the line. */
  write(offset: number, packed: Packed, onSent: (bytes: number) => void): Promise<void>
}

/** Bytes for the flash, and as they go over the line. */
interface Packed {
  bytes: Buffer
  deflated: Buffer
}

/** Written in words of four bytes. */
export function pack(bytes: Buffer): Packed {
  const filled = Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3, 0xff)])
  return { bytes: filled, deflated: deflateSync(filled, { level: 9 }) }
}

/** esptool-js without its console, and without waiting once the port is gone. */
export interface Tool {
  loader: ESPLoader
  baud: number
  /** Whatever still waits for the chip ends at its next look. */
  giveUp(): void
}

export function toolOn(port: WebSerialPort, baud: number, patience: Patience): Tool {
  const transport = new Transport(port as unknown as ConstructorParameters<typeof Transport>[0])
  // It writes to the console even where tracing is off.
  transport.trace = () => {}
  const silent = { clean() {}, write() {}, writeLine() {} }
  const loader = new ESPLoader({ transport, baudrate: baud, romBaudrate: ROM_BAUD, terminal: silent })
  loader.DEFAULT_TIMEOUT = patience.replyMs
  loader.FLASH_READ_TIMEOUT = patience.flashMs
  loader.timeoutPerMb = () => patience.flashMs
  // Its own looks at no error, and takes a chip that answers none for an ESP32-P4.
  loader.readReg = async (address, timeoutMs = patience.replyMs) =>
    (await loader.checkCommand("read a register", loader.ESP_READ_REG, words(address), 0, 0, timeoutMs)) as number
  // Its own 200 ms are short for a busy computer.
  loader.memFinish = async (entry) => {
    await loader.checkCommand("start what was loaded", loader.ESP_MEM_END, words(0, entry), 0, 0, patience.replyMs)
  }
  const giveUp = () =>
    Object.defineProperty(transport, "buffer", {
      get() {
        throw new Error("the port is closed")
      },
      set() {},
    })
  return { loader, baud, giveUp }
}

/** The board is out of reach: no boot loader answers. */
export class NoBootLoader extends Error {}

/** Resets the board into its boot loader, and gives the name of the chip. */
export async function connect({ loader }: Tool, patience: Patience): Promise<string> {
  await loader.connect("default_reset", patience.attempts).catch((error: unknown) => {
    throw isUnknown(error) ? new Failure("the chip is none that esptool knows.") : new NoBootLoader()
  })
  if (loader.secureDownloadMode)
    throw new Failure("the chip is locked (Secure Download Mode): nothing but its maker's firmware can be put on it.")
  if (loader.chip.CHIP_NAME === "ESP32-S3") await loader.writeReg(S3_OPTION1, 0, FORCE_DOWNLOAD_BOOT)
  return loader.chip.CHIP_NAME
}

/**
 * Once told over its own USB to enter the boot loader, an S3 enters it at each reset until this is cleared
 * (ESP32-S3 Technical Reference Manual, RTC_CNTL_OPTION1_REG; arduino-esp32 issue 6762).
 */
const S3_OPTION1 = 0x6000812c
const FORCE_DOWNLOAD_BOOT = 1

/** Starts the stub in the RAM of a chip that is connected. Nothing of the flash changes. */
export async function startStub({ loader, baud }: Tool, patience: Patience): Promise<BootLoader> {
  const description = await loader.chip.getChipDescription(loader)
  await loader.chip.postConnect?.(loader)
  await loader.runStub()
  if (baud !== ROM_BAUD) await loader.changeBaud()
  await loader.flashSpiAttach(0)
  const flashBytes = await flashBytesOf(loader)
  const sizes = [0, flashBytes, BLOCK_BYTES, SECTOR_BYTES, PAGE_BYTES, ALL_STATUS_BITS]
  await loader.checkCommand("set the flash's sizes", SPI_SET_PARAMS, words(...sizes))
  return {
    description,
    flashBytes,
    baud: loader.transport.baudrate,
    read: (offset, bytes) => read(loader, patience, offset, bytes),
    erase: (offset, bytes, onErased) => erase(loader, patience, offset, bytes, onErased),
    write: (offset, packed, onSent) => write(loader, patience, offset, packed, onSent),
  }
}

const isUnknown = (error: unknown) => /Failed to autodetect/.test((error as Error).message)

async function flashBytesOf(loader: ESPLoader): Promise<number> {
  const size = await loader.detectFlashSize()
  if (size === undefined)
    throw new Failure(
      "the flash of the board does not say how large it is. Is something wired to the pins of the flash?",
    )
  return parseInt(size) * (size.endsWith("KB") ? 1 << 10 : 1 << 20)
}

async function read(loader: ESPLoader, patience: Patience, offset: number, bytes: number): Promise<Buffer> {
  const found = Buffer.from(await loader.readFlash(offset, bytes))
  // The stub's last word is the digest of all that it sent.
  const digest = await loader.transport.read(patience.replyMs)
  if (!md5(found).equals(digest)) throw new Error(SPOILT_ON_THE_WAY)
  return found
}

async function erase(
  loader: ESPLoader,
  patience: Patience,
  offset: number,
  bytes: number,
  onErased: (bytes: number) => void,
): Promise<void> {
  for (let done = 0; done < bytes; done += BLOCK_BYTES) {
    const piece = words(offset + done, Math.min(BLOCK_BYTES, bytes - done))
    await loader.checkCommand("erase", loader.ESP_ERASE_REGION, piece, 0, 0, patience.flashMs)
    onErased(Math.min(done + BLOCK_BYTES, bytes))
  }
  await compare(loader, offset, Buffer.alloc(bytes, 0xff))
}

async function write(
  loader: ESPLoader,
  patience: Patience,
  offset: number,
  { bytes, deflated }: Packed,
  onSent: (bytes: number) => void,
): Promise<void> {
  const blockBytes = loader.FLASH_WRITE_SIZE
  await loader.flashDeflBegin(bytes.length, deflated.length, offset)
  for (let sent = 0, sequence = 0; sent < deflated.length; sent += blockBytes, sequence++) {
    const block = deflated.subarray(sent, sent + blockBytes)
    await loader.flashDeflBlock(block, sequence, patience.flashMs)
    onSent(sent + block.length)
  }
  await loader.flashDeflFinish(false, patience.flashMs)
  await compare(loader, offset, bytes)
}

async function compare(loader: ESPLoader, offset: number, bytes: Buffer): Promise<void> {
  const found = await loader.flashMd5sum(offset, bytes.length)
  if (found !== md5(bytes).toString("hex")) throw new Error("its flash holds something else afterwards")
}

const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest()

function words(...values: number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * values.length)
  values.forEach((value, index) => bytes.writeUInt32LE(value, 4 * index))
  return bytes
}

const SPOILT_ON_THE_WAY = "its answers are spoilt on the way"

/** What went wrong, in a few words: esptool-js says it in sentences of its own, some of two lines. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const [, status, code] = /status (\d+),(\d+)/.exec(message) ?? []
  if (status) return `the chip answered with error 0x${Number(code).toString(16).padStart(2, "0")}`
  if (/stream stopped|No serial data|Only got/.test(message)) return "the chip stopped answering"
  if (/Invalid (head|SLIP)|invalid response|Failed to start stub/.test(message)) return SPOILT_ON_THE_WAY
  return message.split("\n")[0].trim()
}
