import type { Alarm } from "../clock/clock"
import { jsonParse } from "../espruino/json"
import { PRINTED, RELAXED, show } from "./show"
import type { Terminal } from "./terminal"
import { runTyped } from "./typed"

/** src/jsinteractive.c, Espruino 2v29: a header of two bytes, big-endian, is a type in the upper 3 bits and a length. */
const LENGTH = 0x1fff
const RESPONSE = 0x0000
const EVAL = 0x2000
const EVENT = 0x4000
const FILE_SEND = 0x6000
const DATA = 0x8000
const FILE_RECV = 0xa000

const ACK = "\x06"
const NAK = "\x15"
/** FILE_RECV answers in pieces of so many bytes. */
const PIECE_BYTES = 1024
/** A packet that is not whole by then is refused, and a file that goes on later is closed. */
const PACKET_US = 5_000_000
const FILE_US = 10_000_000

interface File {
  name: string
  size: number
  offset: number
}

/** The packets of Espruino 2v25 and later, behind DLE SOH. Not imitated: files on SD cards, and packets that are compressed. */
export class Packets {
  isReceiving = false
  private header = 0
  private headerBytes = 0
  private data = ""
  private file: File | undefined
  private packetAlarm: Alarm | undefined
  private fileAlarm: Alarm | undefined

  constructor(private readonly terminal: Terminal) {
    terminal.interpreter.onDispose.push(() => {
      this.clock.cancel(this.packetAlarm)
      this.clock.cancel(this.fileAlarm)
    })
  }

  begin(): void {
    this.isReceiving = true
    this.header = this.headerBytes = 0
    this.data = ""
    this.packetAlarm = this.clock.after(PACKET_US, () => this.refuse())
  }

  take(byte: string): void {
    if (this.headerBytes < 2) {
      this.header = (this.header << 8) | byte.charCodeAt(0)
      this.headerBytes++
    } else this.data += byte
    if (this.headerBytes < 2 || this.data.length < (this.header & LENGTH)) return
    this.end()
    this.process(this.header & ~LENGTH, this.data)
  }

  private get clock() {
    return this.terminal.interpreter.machine.clock
  }

  private refuse(): void {
    this.terminal.write(NAK)
    this.end()
  }

  private end(): void {
    this.isReceiving = false
    this.clock.cancel(this.packetAlarm)
  }

  private process(type: number, data: string): void {
    if (type === EVAL) return this.evaluate(data)
    if (type === FILE_RECV) return this.give(this.described(data))
    const isOk =
      type === EVENT
        ? this.raise(data)
        : type === FILE_SEND
          ? this.open(this.described(data))
          : type === DATA && this.keep(data)
    this.terminal.write(isOk ? ACK : NAK)
  }

  private evaluate(source: string): void {
    const { terminal } = this
    const { interpreter } = terminal
    const done = runTyped(interpreter, () => {
      try {
        return interpreter.realm.evaluateTyped(`(${source}\n)`)
      } catch (error) {
        terminal.removeLine()
        terminal.write(NAK)
        throw error
      }
    })
    if (!done || !interpreter.isAlive) return
    terminal.write(ACK)
    this.reply(RESPONSE, this.relaxed(done.value))
  }

  private relaxed(value: unknown): string {
    const { realm } = this.terminal.interpreter
    return show(value, typeof value === "function" ? { ...RELAXED, pretty: PRINTED.pretty } : RELAXED, (each) =>
      realm.nameOf(each),
    )
  }

  private reply(type: number, data: string): void {
    const header = type | data.length
    this.terminal.write(`\x10\x01${String.fromCharCode(header >> 8, header & 255)}${data}`)
  }

  private raise(data: string): boolean {
    const { interpreter } = this.terminal
    const event = this.described(data)
    const handlers = event ? interpreter.emitter.handlers(interpreter.realm.global("E"), "packet") : []
    for (const handler of handlers) interpreter.run("event", handler, interpreter.realm.global("E"), [event])
    return handlers.length > 0
  }

  private open(wanted: Record<string, unknown> | undefined): boolean {
    this.close()
    const size = Number(wanted?.["s"]) | 0
    if (typeof wanted?.["fn"] !== "string" || size === 0 || wanted["fs"] || wanted["c"]) return false
    this.file = { name: wanted["fn"], size, offset: 0 }
    this.keepOpen()
    return true
  }

  /** ACK even where Storage had no room: the error is printed, and only a look at the file tells. */
  private keep(data: string): boolean {
    const { file, terminal } = this
    if (!file) return false
    const { name, size, offset } = file
    const problem = terminal.interpreter.machine.flash.write(name, data, offset, size)
    if (problem) terminal.removeLine()
    file.offset += data.length
    if (file.offset >= size) this.close()
    else this.keepOpen()
    if (problem) terminal.interpreter.events.push([() => terminal.interpreter.fail(problem)], undefined, [])
    return true
  }

  private keepOpen(): void {
    this.clock.cancel(this.fileAlarm)
    this.fileAlarm = this.clock.after(FILE_US, () => this.close())
  }

  private close(): void {
    this.file = undefined
    this.clock.cancel(this.fileAlarm)
  }

  private give(wanted: Record<string, unknown> | undefined): void {
    const { terminal } = this
    const data = typeof wanted?.["fn"] === "string" ? terminal.interpreter.machine.flash.read(wanted["fn"]) : undefined
    if (data === undefined || wanted!["fs"]) return terminal.write(NAK)
    terminal.write(ACK)
    for (let at = 0; at < data.length; at += PIECE_BYTES) this.reply(DATA, data.slice(at, at + PIECE_BYTES))
    this.reply(DATA, "")
  }

  /** Relaxed JSON of an object; undefined for anything else. */
  private described(data: string): Record<string, unknown> | undefined {
    try {
      const value = jsonParse(data, this.terminal.interpreter)
      return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined
    } catch {
      // Whatever is no JSON takes the line off the terminal, though nobody is told what is wrong with it.
      this.terminal.removeLine()
      return undefined
    }
  }
}
