import { createHash } from "node:crypto"
import { constants, inflateSync } from "node:zlib"
import { BOOTLOADER_AT, CHIP_IDS, STORAGE } from "./images"
import { NorFlash, sectorsOf } from "./nor-flash"
import { frame, SlipReader } from "./slip"

/**
 * An ESP32, ESP32-C3 or ESP32-S3 in its serial boot loader: the ROM's, and the flasher stub's once something was loaded into RAM and
 * started. Written from Espressif's esptool documentation, "Serial Protocol", and, for registers, the Technical Reference Manuals.
 * Unlike the chip, whatever is started from RAM makes it the stub, any speed will do, and it listens to a console as well: with no
 * reset wire at hand, a question to Espruino is what starts the Espruino in flash.
 */

export const COMMANDS = {
  MEM_BEGIN: 0x05,
  MEM_END: 0x06,
  MEM_DATA: 0x07,
  SYNC: 0x08,
  WRITE_REG: 0x09,
  READ_REG: 0x0a,
  SPI_SET_PARAMS: 0x0b,
  SPI_ATTACH: 0x0d,
  CHANGE_BAUDRATE: 0x0f,
  FLASH_DEFL_BEGIN: 0x10,
  FLASH_DEFL_DATA: 0x11,
  FLASH_DEFL_END: 0x12,
  SPI_FLASH_MD5: 0x13,
  GET_SECURITY_INFO: 0x14,
  ERASE_REGION: 0xd1,
  READ_FLASH: 0xd2,
}
export type CommandName = keyof typeof COMMANDS

export type FaultKind = "error" | "silence" | "unplugged" | "garbled" | "stray" | "spoilt"

/** From the `from`th time on (the first is 1) the command fails. */
export interface Fault {
  command: CommandName
  from: number
  kind: FaultKind
}

/** Errors of the ROM (the same page), and of the stub (esptool-legacy-flasher-stub, its list of errors). */
const ROM_INVALID = 0x05
const ROM_FAILED = 0x06
const ROM_CHECKSUM = 0x07
const BAD_LENGTH = 0xc0
const BAD_CHECKSUM = 0xc1
const BAD_BLOCK = 0xc2
const FAILED_SPI = 0xc4
const NOT_IN_FLASH_MODE = 0xc6
const INFLATE_ERROR = 0xc7
const NOT_ENOUGH_DATA = 0xc8
const TOO_MUCH_DATA = 0xc9
const UNKNOWN_COMMAND = 0xff

const MAGIC_REGISTER = 0x40001000
const MAGIC: Record<string, number> = { ESP32: 0x00f01d83, "ESP32-S2": 0x7c6, "ESP32-C3": 0x1b31506f, "ESP32-S3": 0x9 }
/** SPI1, which the flash hangs on: command, USR2 (the command's byte) and the first word of data. */
const OLD_SPI = { base: 0x3ff42000, usr2: 0x24, w0: 0x80 }
const NEW_SPI = { base: 0x60002000, usr2: 0x20, w0: 0x58 }
const SPI_USR = 1 << 18
const READ_JEDEC_ID = 0x9f
/** It outlives resets. */
const S3_OPTION1 = 0x6000812c
const FORCE_DOWNLOAD_BOOT = 1

/** What `value` and data of an answer are, or the error instead. */
type Answer = { value?: number; data?: Buffer; then?: () => void } | { error: number }
const OK: Answer = {}

export interface Options {
  flashBytes?: number
  /** The third byte of the JEDEC id; 2 to its power is the size. */
  sizeId?: number
  /** Its serial bridge spoils all that goes faster. */
  maxBaud?: number
  /** The eFuse of Secure Download Mode is burnt. */
  isLocked?: boolean
}

export class FakeChip {
  readonly flash: NorFlash
  /** Names of the commands that came, since the last reset. */
  log: string[] = []
  isStub = false
  baud = 0
  fault: Fault | undefined
  onUnplug = () => {}
  /** Somebody speaks to Espruino's console. */
  onQuestion = () => {}
  /** A program in Storage never returns to idle: the console is deaf. */
  get isHung(): boolean {
    return this.flash.bytes.includes("for(;;);", STORAGE.offset)
  }

  private readonly slip = new SlipReader(
    (bytes) => this.takeFrame(bytes),
    (byte) => this.takeText(byte),
  )
  private registers = new Map<number, number>()
  private ram:
    { size: number; blocks: number; blockBytes: number; offset: number; got: number; next: number } | undefined
  private loaded: [from: number, to: number][] = []
  private isAttached = false
  private download: Download | undefined
  private reading: Reading | undefined
  private line = ""

  constructor(
    readonly kind: string,
    public send: (bytes: Buffer) => void,
    private readonly options: Options = {},
  ) {
    this.flash = new NorFlash(options.flashBytes ?? 4 << 20)
    this.reset()
  }

  receive(bytes: Buffer): void {
    this.slip.take(bytes)
  }

  /** Somebody holds BOOT and presses reset; an S3 is told over its USB to enter the boot loader. */
  reset(): void {
    this.slip.forget()
    this.log = []
    this.isStub = this.isAttached = false
    this.ram = this.download = this.reading = this.fault = undefined
    this.registers = new Map(this.kind === "ESP32-S3" ? [[S3_OPTION1, FORCE_DOWNLOAD_BOOT]] : [])
    this.loaded = []
  }

  private takeFrame(bytes: Buffer): void {
    if (this.reading) return this.takeAck(bytes)
    if (bytes.length < 8 || bytes[0] !== 0) return
    const command = bytes[1]
    const data = bytes.subarray(8)
    const name = Object.keys(COMMANDS).find((each) => COMMANDS[each as CommandName] === command) ?? `0x${command}`
    this.log.push(name)
    if (this.baud > (this.options.maxBaud ?? Infinity)) {
      if (name !== "SYNC") return
      // The reset that goes before has no wire here.
      this.isStub = this.isAttached = false
      this.baud = 0
    }
    const { fault } = this
    const isFaulty = fault?.command === name && this.log.filter((each) => each === name).length >= fault.from
    if (isFaulty && fault.kind !== "spoilt") return this.fail(fault.kind, command)
    const answer =
      bytes.readUInt16LE(2) === data.length
        ? this.act(name, data, bytes.readUInt32LE(4))
        : { error: this.isStub ? BAD_LENGTH : ROM_INVALID }
    if (isFaulty) this.spoil(answer, name)
    this.answerAll(name, command, answer)
    if ("then" in answer) answer.then?.()
  }

  private act(name: string, data: Buffer, checksum: number): Answer {
    if (!(name in HANDLERS) || (STUB_ONLY.has(name) && !this.isStub))
      return { error: this.isStub ? UNKNOWN_COMMAND : ROM_INVALID }
    return HANDLERS[name as CommandName](this, data, checksum)
  }

  /** SYNC is answered eight times, and so, as if it were another, is what the ROM does not take (esptool, `sync` and `command`). */
  private answerAll(name: string, command: number, answer: Answer): void {
    const isRefused = "error" in answer && answer.error === ROM_INVALID
    for (let left = name === "SYNC" || isRefused ? 8 : 1; left > 0; left--) this.answer(isRefused ? 0 : command, answer)
  }

  private answer(command: number, answer: Answer): void {
    const error = "error" in answer ? answer.error : 0
    const status = Buffer.alloc(this.isStub ? 2 : 4)
    status.set([error ? 1 : 0, error])
    const data = Buffer.concat([("data" in answer && answer.data) || Buffer.alloc(0), status])
    const head = Buffer.from([1, command, 0, 0, 0, 0, 0, 0])
    head.writeUInt16LE(data.length, 2)
    head.writeUInt32LE((("value" in answer && answer.value) || 0) >>> 0, 4)
    this.send(frame(Buffer.concat([head, data])))
  }

  private fail(kind: FaultKind, command: number): void {
    if (kind === "unplugged") return this.onUnplug()
    if (kind === "error") return this.answer(command, { error: this.isStub ? FAILED_SPI : ROM_FAILED })
    if (kind === "stray") return this.answer(command ^ 0x40, OK)
    if (kind === "garbled") this.send(Buffer.from([0xc0, 0x01, command, 0xdb, 0x00, 0x55, 0xaa]))
  }

  /** A bit is wrong: in what was programmed, or in what is told. */
  private spoil(answer: Answer, name: string): void {
    if ("data" in answer && answer.data?.length) answer.data[12] ^= 0x10
    if ("value" in answer && answer.value !== undefined) answer.value ^= 0x10
    if (name === "FLASH_DEFL_DATA" && this.download) this.flash.bytes[this.download.offset + 40] ^= 0x10
    if (this.reading) this.reading.data[0] ^= 0x10
    if (name === "ERASE_REGION") this.flash.bytes[STORAGE.offset + 5] &= 0xfe
  }

  // --- What the commands do ---

  sync(data: Buffer): Answer {
    const isSync = data.length === 36 && data.readUInt32BE() === 0x07071220 && data.subarray(4).every((x) => x === 0x55)
    if (!isSync) return { error: ROM_INVALID }
    return { value: this.isStub ? 0 : 0x55201207 }
  }

  securityInfo(): Answer {
    if (this.kind === "ESP32") return { error: ROM_INVALID }
    const info = Buffer.alloc(20)
    info.writeUInt32LE(this.options.isLocked ? 1 << 2 : 0)
    info.writeUInt32LE(CHIP_IDS[this.kind], 12)
    // That of the S2 ends before the chip's id.
    return { data: this.kind === "ESP32-S2" ? info.subarray(0, 12) : info }
  }

  readRegister(address: number): Answer {
    if (this.options.isLocked) return { error: ROM_INVALID }
    return { value: address === MAGIC_REGISTER ? MAGIC[this.kind] : (this.registers.get(address) ?? 0) }
  }

  writeRegister(address: number, value: number, mask: number): Answer {
    this.registers.set(address, ((this.registers.get(address) ?? 0) & ~mask) | (value & mask))
    const { base, usr2, w0 } = this.kind === "ESP32" ? OLD_SPI : NEW_SPI
    if (address !== base || !(value & SPI_USR)) return OK
    // The flash answers at once.
    this.registers.set(base, 0)
    const sizeId = this.options.sizeId ?? Math.log2(this.flash.bytes.length)
    if ((this.registers.get(base + usr2)! & 0xff) === READ_JEDEC_ID)
      this.registers.set(base + w0, this.isAttached ? 0xef | (0x40 << 8) | (sizeId << 16) : 0xffffff)
    return OK
  }

  memBegin(size: number, blocks: number, blockBytes: number, offset: number): Answer {
    if (blocks !== Math.ceil(size / blockBytes)) return { error: ROM_INVALID }
    this.ram = { size, blocks, blockBytes, offset, got: 0, next: 0 }
    return OK
  }

  memData(block: Block): Answer {
    if (block.error) return { error: ROM_CHECKSUM }
    if (!this.ram || block.sequence !== this.ram.next++) return { error: ROM_INVALID }
    this.ram.got += block.bytes.length
    if (this.ram.got === this.ram.size) this.loaded.push([this.ram.offset, this.ram.offset + this.ram.size])
    return OK
  }

  memEnd(isStay: number, entry: number): Answer {
    if (isStay || !this.loaded.some(([from, to]) => entry >= from && entry < to)) return { error: ROM_FAILED }
    return {
      then: () => {
        this.isStub = true
        this.send(frame(Buffer.from("OHAI")))
      },
    }
  }

  changeBaud(baud: number, old: number): Answer {
    if (this.isStub !== old > 0) return { error: this.isStub ? BAD_LENGTH : ROM_INVALID }
    this.baud = baud
    return OK
  }

  attach(): Answer {
    this.isAttached = true
    return OK
  }

  setParams(bytes: number): Answer {
    return bytes === this.flash.bytes.length ? OK : { error: FAILED_SPI }
  }

  begin(bytes: number, blocks: number, blockBytes: number, offset: number): Answer {
    if (!this.isAttached) return { error: FAILED_SPI }
    if (offset % 4096 || offset + bytes > this.flash.bytes.length) return { error: BAD_BLOCK }
    this.download = { bytes, blocks, blockBytes, offset, next: 0, packed: Buffer.alloc(0), written: 0 }
    return OK
  }

  data(block: Block): Answer {
    const { download } = this
    if (!download) return { error: NOT_IN_FLASH_MODE }
    if (block.error) return { error: BAD_CHECKSUM }
    if (block.bytes.length > download.blockBytes) return { error: BAD_LENGTH }
    if (block.sequence !== download.next) return { error: NOT_ENOUGH_DATA }
    download.next++
    download.packed = Buffer.concat([download.packed, block.bytes])
    return this.inflate(download)
  }

  /** As far as it goes; each sector is erased when the first byte comes to it. */
  private inflate(download: Download): Answer {
    let unpacked: Buffer
    try {
      unpacked = inflateSync(download.packed, { finishFlush: constants.Z_SYNC_FLUSH })
    } catch {
      return { error: INFLATE_ERROR }
    }
    if (unpacked.length > download.bytes) return { error: TOO_MUCH_DATA }
    const { offset, written } = download
    const erased = sectorsOf(written)
    this.flash.erase(offset + erased, sectorsOf(unpacked.length) - erased)
    this.flash.program(offset + written, unpacked.subarray(written))
    download.written = unpacked.length
    return OK
  }

  end(): Answer {
    const { download } = this
    this.download = undefined
    if (!download) return { error: NOT_IN_FLASH_MODE }
    return download.next === download.blocks && download.written === download.bytes ? OK : { error: NOT_ENOUGH_DATA }
  }

  md5(offset: number, bytes: number): Answer {
    return {
      data: createHash("md5")
        .update(this.flash.bytes.subarray(offset, offset + bytes))
        .digest(),
    }
  }

  eraseRegion(offset: number, bytes: number): Answer {
    return this.isAttached && this.flash.erase(offset, bytes) ? OK : { error: FAILED_SPI }
  }

  readFlash(offset: number, bytes: number, packetBytes: number, inFlight: number): Answer {
    if (!this.isAttached || offset + bytes > this.flash.bytes.length) return { error: FAILED_SPI }
    const data = Buffer.from(this.flash.bytes.subarray(offset, offset + bytes))
    const digest = createHash("md5").update(data).digest()
    this.reading = { data, digest, packetBytes, inFlight, sent: 0 }
    return { then: () => this.sendRead(0) }
  }

  private sendRead(acked: number): void {
    const { data, digest, packetBytes, inFlight, sent } = this.reading!
    if (acked === data.length) {
      this.reading = undefined
      return this.send(frame(digest))
    }
    if (sent === data.length || sent - acked >= inFlight * packetBytes) return
    this.reading!.sent = Math.min(sent + packetBytes, data.length)
    this.send(frame(data.subarray(sent, this.reading!.sent)))
    this.sendRead(acked)
  }

  private takeAck(bytes: Buffer): void {
    this.sendRead(bytes.readUInt32LE())
  }

  // --- Espruino ---

  private takeText(byte: number): void {
    this.line += String.fromCharCode(byte)
    if (byte !== 0x0a) return
    this.onQuestion()
    const [, id, expression] = /"w:(\d+):".*\{value:(.*?)\}\}catch/.exec(this.line) ?? []
    this.line = ""
    const version = this.boots()
    if (id === undefined || version === undefined || this.isHung) return
    const value = expression === "1" ? 1 : expression === "process.env.VERSION" ? version : undefined
    this.send(Buffer.from(`<mw:${id}:${JSON.stringify({ value })}:mw>\r\n>`))
  }

  /** The version that the flash holds, when all that a boot takes is there. */
  private boots(): string | undefined {
    const { bytes } = this.flash
    if (this.registers.get(S3_OPTION1)) return undefined
    const bootloaderAt = BOOTLOADER_AT[this.kind]
    const size = [1, 2, 4, 8, 16][bytes[bootloaderAt + 3] >> 4] << 20
    const isWhole = bytes[bootloaderAt] === 0xe9 && bytes.readUInt16LE(0x8000) === 0x50aa && bytes[0x10000] === 0xe9
    // ESP-IDF's boot loader refuses partitions beyond the size in its header.
    if (!isWhole || size < STORAGE.offset + STORAGE.bytes) return undefined
    return /Espruino (\w+)\0/.exec(bytes.toString("latin1", 0x10000, 0x20000))?.[1]
  }
}

interface Download {
  bytes: number
  blocks: number
  blockBytes: number
  offset: number
  next: number
  packed: Buffer
  written: number
}

interface Reading {
  data: Buffer
  digest: Buffer
  packetBytes: number
  inFlight: number
  sent: number
}

interface Block {
  bytes: Buffer
  sequence: number
  error: boolean
}

/** Length, sequence, two words of nothing, data; the checksum is in the packet's head. */
function blockIn(data: Buffer, checksum: number): Block {
  const bytes = data.subarray(16)
  const sum = bytes.reduce((x, byte) => x ^ byte, 0xef)
  return { bytes, sequence: data.readUInt32LE(4), error: data.readUInt32LE() !== bytes.length || sum !== checksum }
}

const STUB_ONLY = new Set(["ERASE_REGION", "READ_FLASH"])

type Handler = (chip: FakeChip, data: Buffer, checksum: number) => Answer
/** `count` words of four bytes, no more and no fewer. */
const words =
  (count: number, run: (chip: FakeChip, ...words: number[]) => Answer): Handler =>
  (chip, data) =>
    data.length === 4 * count
      ? run(chip, ...Array.from({ length: count }, (_, index) => data.readUInt32LE(4 * index)))
      : { error: chip.isStub ? BAD_LENGTH : ROM_INVALID }

const HANDLERS: Record<CommandName, Handler> = {
  MEM_BEGIN: words(4, (chip, size, blocks, blockBytes, offset) => chip.memBegin(size, blocks, blockBytes, offset)),
  MEM_END: words(2, (chip, isStay, entry) => chip.memEnd(isStay, entry)),
  MEM_DATA: (chip, data, checksum) => chip.memData(blockIn(data, checksum)),
  SYNC: (chip, data) => chip.sync(data),
  WRITE_REG: words(4, (chip, address, value, mask) => chip.writeRegister(address, value, mask)),
  READ_REG: words(1, (chip, address) => chip.readRegister(address)),
  SPI_SET_PARAMS: words(6, (chip, _id, bytes) => chip.setParams(bytes)),
  SPI_ATTACH: words(1, (chip) => chip.attach()),
  CHANGE_BAUDRATE: words(2, (chip, baud, old) => chip.changeBaud(baud, old)),
  FLASH_DEFL_BEGIN: words(4, (chip, bytes, blocks, blockBytes, offset) =>
    chip.begin(bytes, blocks, blockBytes, offset),
  ),
  FLASH_DEFL_DATA: (chip, data, checksum) => chip.data(blockIn(data, checksum)),
  FLASH_DEFL_END: words(1, (chip) => chip.end()),
  SPI_FLASH_MD5: words(4, (chip, offset, bytes) => chip.md5(offset, bytes)),
  GET_SECURITY_INFO: (chip) => chip.securityInfo(),
  ERASE_REGION: words(2, (chip, offset, bytes) => chip.eraseRegion(offset, bytes)),
  READ_FLASH: words(4, (chip, offset, bytes, packetBytes, inFlight) =>
    chip.readFlash(offset, bytes, packetBytes, inFlight),
  ),
}
