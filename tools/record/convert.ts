import { pinName, type Board } from "../../sim/board"
import type { Telling } from "../../sim/espruino/machine"
import { BOOT_US } from "../../sim/chip"
import { Levels } from "./levels"
import { readBack, searched, selected, written } from "./one-wire"

export type Emit = (atUs: number, telling: Telling) => void

const PWM_STEPS = 1023
const PWM_HZ = 5000
const ADC_STEPS = 4096
/** src/hal/espruino/i2c.ts. */
const I2C_HZ = 100_000

/** Of each boot. */
interface Connection {
  host: string
  port: number
  isClosed: boolean
}

/** Turns the records of one board (docs/traces.md) into events of a trace. They may come up to 30 ms out of order. */
export class Converter {
  /** Six bytes of the board's address, once it has told them. */
  serial: string | undefined
  boots = 0
  /** Of the newest record. */
  atUs = 0
  private levels: Levels
  private connections = new Map<number, Connection>()
  private totalBlocks = 0
  private isRebooting = false
  private readonly pwmSteps = new Map<number, number>()

  constructor(
    private readonly board: Board,
    private readonly emit: Emit,
    private readonly onBreak: (why: string) => void,
  ) {
    this.levels = this.makeLevels()
  }

  take(record: string): void {
    const letter = record[0]
    const rest = record.slice(1)
    if (letter === "B") return this.begin(rest)
    if (letter === "!") return this.onBreak(`the board's buffer was full: ${rest} records are lost`)
    if (letter === "e") return this.edges(rest.split(","))
    if (Object.hasOwn(NOTES, letter)) return NOTES[letter].call(this, rest, rest.split(","))
    if (!Object.hasOwn(MOMENTS, letter)) return this.onBreak(`the board told of something unknown: "${record}"`)
    const [deltaUs, ...fields] = rest.split(",")
    const fromUs = this.atUs
    this.atUs += Number(deltaUs)
    MOMENTS[letter].call(this, fields, fromUs)
  }

  /** Some events show what they were only by what comes next: all before `atUs` has been told. */
  settle(atUs: number): void {
    this.levels.settle(atUs)
  }

  end(): void {
    this.levels.end()
  }

  tell(telling: Telling, atUs = this.atUs): void {
    this.emit(atUs, telling)
  }

  name(pin: string | number): string {
    return pinName(this.board, Number(pin))
  }

  write(pin: string, level: string): void {
    this.levels.write(this.atUs, Number(pin), level === "0" ? 0 : 1)
  }

  look(pin: string, level: string): void {
    this.levels.look(this.atUs, Number(pin), level === "0" ? 0 : 1)
  }

  change(pin: string, level: string): void {
    this.levels.change(this.atUs, Number(pin), level === "0" ? 0 : 1)
  }

  pwm(pin: string, steps: number): void {
    if (this.pwmSteps.get(Number(pin)) === steps) return
    this.pwmSteps.set(Number(pin), steps)
    this.tell({ kind: "pwm", pin: this.name(pin), duty: steps / PWM_STEPS, frequencyHz: PWM_HZ })
  }

  memory(free: number): void {
    this.tell({ kind: "memory", used: this.totalBlocks - free, total: this.totalBlocks })
  }

  opened(number: string, host: string, port: string): void {
    this.connections.set(Number(number), { host, port: Number(port), isClosed: false })
    this.tell({ kind: "tcp", state: "open", host, port: Number(port), connection: Number(number) })
  }

  /** Once: a program lets go of a connection that is closed already. */
  closed(number: string, direction: "tx" | "rx"): void {
    const connection = this.connections.get(Number(number))
    if (!connection || connection.isClosed) return
    connection.isClosed = true
    this.tell({ kind: "net", direction, connection: Number(number), bytes: "", end: "fin" })
  }

  reboot(): void {
    this.isRebooting = true
    this.levels.end()
  }

  private begin(rest: string): void {
    const [version, serial, totalBlocks] = rest.split(",")
    if (version !== "1")
      return this.onBreak(`the board records in a version ${version} that this motewire does not know`)
    if (this.boots > 0 && !this.isRebooting) return this.onBreak("the board started anew: power, reset or watchdog")
    this.serial = serial
    this.totalBlocks = Number(totalBlocks)
    this.boots++
    this.tell({ kind: "boot", boots: this.boots, reason: this.isRebooting ? "reboot" : "power" })
    this.isRebooting = false
    this.atUs += BOOT_US
    this.levels = this.makeLevels()
    this.connections = new Map()
    this.pwmSteps.clear()
  }

  private edges([pin, ...edges]: string[]): void {
    for (const edge of edges) {
      const [deltaUs, highUs] = edge.split(":")
      this.atUs += Number(deltaUs)
      this.levels.fall(this.atUs, Number(pin), highUs === undefined ? undefined : Number(highUs))
    }
  }

  private makeLevels(): Levels {
    return new Levels((pin) => this.name(pin), this.emit)
  }
}

const unpacked = (base64: string): string => Buffer.from(base64, "base64").toString("latin1")

/** What a callback did, at the time of that callback. */
const NOTES: Record<string, (this: Converter, rest: string, fields: string[]) => void> = {
  P(pin) {
    this.write(pin, "1")
  },
  w(_, [pin, level]) {
    this.write(pin, level)
  },
  O(_, [pin, level]) {
    this.write(pin, level)
  },
  p(_, [pin, steps]) {
    this.pwm(pin, Number(steps))
  },
  h(_, [pin, level]) {
    this.look(pin, level)
  },
  a(_, [pin, steps]) {
    this.tell({ kind: "adc", pin: this.name(pin), value: Number(steps) / ADC_STEPS })
  },
  y(_, [tx, , baud, bytes]) {
    this.tell({ kind: "serial", pin: this.name(tx), direction: "tx", baud: Number(baud), bytes: unpacked(bytes) })
  },
  T(_, [connection, bytes]) {
    this.tell({ kind: "net", direction: "tx", connection: Number(connection), bytes: unpacked(bytes) })
  },
  E(number) {
    this.closed(number, "tx")
  },
  l(text) {
    this.tell({ kind: "log", level: "info", text: JSON.parse(text) as string })
  },
  L(text) {
    this.tell({ kind: "log", level: "warn", text: JSON.parse(text) as string })
  },
  m(free) {
    this.memory(Number(free))
  },
  g(flags) {
    this.tell({ kind: "fault", reason: `the firmware reports ${flags}` })
  },
  R() {
    this.reboot()
  },
  s(_, [file, bytes]) {
    this.tell({ kind: "storage", action: "write", file, bytes: Number(bytes) })
  },
  S(file) {
    this.tell({ kind: "storage", action: "erase", file, bytes: 0 })
  },
  j() {
    this.tell({ kind: "wifi", state: "connecting" })
  },
  // The firmware tells of the lost link by itself.
  u() {},
}

/** What enters the program, and calls that block, each told when it is over. */
const MOMENTS: Record<string, (this: Converter, fields: string[], fromUs: number) => void> = {
  t() {
    this.tell({ kind: "timer" })
  },
  // Entries in which nothing comes in: what they make the program do stands behind them.
  f() {},
  o() {},
  J() {},
  d([connection]) {
    this.tell({ kind: "drain", connection: Number(connection) })
  },
  H([pin, level]) {
    this.change(pin, level)
  },
  Y([, rx, baud, bytes]) {
    this.tell({ kind: "serial", pin: this.name(rx), direction: "rx", baud: Number(baud), bytes: unpacked(bytes) })
  },
  r([connection, bytes]) {
    this.tell({ kind: "net", direction: "rx", connection: Number(connection), bytes: unpacked(bytes) })
  },
  k([connection]) {
    this.closed(connection, "rx")
  },
  C([number, host, port]) {
    this.opened(number, host, port)
  },
  c([host, port]) {
    this.tell({ kind: "tcp", state: "refused", host, port: Number(port) })
  },
  U([ip]) {
    this.tell({ kind: "wifi", state: "connected", ip: JSON.parse(ip) as string })
  },
  D(fields) {
    this.tell({ kind: "wifi", state: "disconnected", reason: JSON.parse(fields.join(",")) as string })
  },
  G([host, ip]) {
    this.tell({ kind: "dns", host, ...(ip && { ip }) })
  },
  i([sda, scl, address, isAcked, ...bytes]) {
    const sent = isAcked === "1" ? bytes.map(Number) : []
    const acks = sent.map(() => true)
    this.tell({
      kind: "i2c",
      ...i2c(this, sda, scl, address),
      isRead: false,
      isAcked: isAcked === "1",
      bytes: sent,
      acks,
    })
  },
  I([sda, scl, address, , ...bytes]) {
    const got = bytes.map(Number)
    // The master leaves the last byte alone: that is how it ends a read.
    const acks = got.map((_, i) => i < got.length - 1)
    this.tell({ kind: "i2c", ...i2c(this, sda, scl, address), isRead: true, isAcked: got.length > 0, bytes: got, acks })
  },
  z([pin, isPresent]) {
    this.tell({ kind: "onewire", pin: this.name(pin), slots: isPresent === "1" ? "R" : "r" })
  },
  x([pin, rom]) {
    this.tell({ kind: "onewire", pin: this.name(pin), slots: selected(rom) })
  },
  v([pin, power, ...bytes]) {
    const slots = written(bytes.map(Number))
    this.tell({ kind: "onewire", pin: this.name(pin), slots, ...(power === "1" && { isPowered: true }) })
  },
  V([pin, ...bytes]) {
    this.tell({ kind: "onewire", pin: this.name(pin), slots: readBack(bytes.map(Number)) })
  },
  X([pin, ...roms]) {
    this.tell({ kind: "onewire", pin: this.name(pin), slots: searched(roms.filter(Boolean)) })
  },
  n([pin, bytes]) {
    this.tell({ kind: "strip", pin: this.name(pin), bytes: unpacked(bytes) })
  },
}

const i2c = (of: Converter, sda: string, scl: string, address: string) => ({
  sda: of.name(sda),
  scl: of.name(scl),
  hz: I2C_HZ,
  address: Number(address),
  isStopped: true,
})
