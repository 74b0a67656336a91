import type { Board } from "./board"
import { Buses } from "./buses/buses"
import type { Alarm, Clock } from "./clock/clock"
import { hash } from "./clock/random"
import type { Random } from "./clock/random"
import type { BootReason } from "./events"
import { ConsolePort } from "./console/port"
import { romText } from "./console/banner"
import { boot, POWER_ON } from "./espruino/boot"
import type { Start } from "./espruino/boot"
import { Flash } from "./espruino/flash"
import { Gpio } from "./espruino/gpio"
import { Interpreter } from "./espruino/interpreter"
import type { CallbackKind, Limits, Machine, Played, Stage, Telling } from "./espruino/machine"
import type { Uplink } from "./network/tcp"
import type { Station } from "./network/wifi"

/** What a chip shares with the others of its house. */
export interface ChipPlace {
  readonly clock: Clock
  readonly random: Random
  readonly tcp: Uplink
  /** The side of the radio that is this chip's. */
  station(device: string, random: Random): Station
  readonly stage: Stage
  readonly limits: Limits
  tell(device: string, telling: Telling): void
  readonly played?: Played
}

/** From reset to the first line of the program: boot loader, IDF and interpreter. Estimate; the chip's clock runs meanwhile. */
export const BOOT_US = 350_000
/** reset() and load() start the interpreter alone. Estimate. */
const SOFT_US = 20_000

/** One board: silicon, flash and radio, which outlive a reboot, and the interpreter, which does not. */
export class Chip implements Machine {
  readonly gpio: Gpio
  readonly buses = new Buses()
  readonly flash: Flash
  /** The serial console; silent until somebody plugs in. */
  readonly port: ConsolePort
  readonly station: Station
  readonly random: Random
  readonly mac: number[]
  clockZeroUs = 0
  boots = 0
  isPowered = false
  /** The power went in the middle of a write: whoever holds the board switches it off. */
  onPowerCut: () => void = () => this.powerOff()
  private life: Interpreter | undefined
  private starting: Alarm | undefined
  private readonly losses: CallbackKind[] = []

  constructor(
    readonly name: string,
    readonly board: Board,
    private readonly place: ChipPlace,
  ) {
    this.gpio = new Gpio(board, (telling) => this.tell(telling))
    this.port = new ConsolePort(place.clock)
    this.flash = new Flash(
      (telling) => this.tell(telling),
      () => this.cutPower(),
    )
    this.station = place.station(name, place.random.split("radio"))
    this.random = place.random.split("silicon")
    this.mac = place.played?.mac ?? macOf(place.random.split("mac").below(0xffffff), name)
  }

  get clock() {
    return this.place.clock
  }
  get tcp() {
    return this.place.tcp
  }
  get stage() {
    return this.place.stage
  }
  get limits() {
    return this.place.limits
  }
  get played() {
    return this.place.played
  }

  /** The program's life since the last boot; undefined without power and while it starts. */
  get interpreter(): Interpreter | undefined {
    return this.life
  }

  get state(): "off" | "running" | "halted" {
    if (!this.isPowered) return "off"
    return !this.life || this.life.isAlive ? "running" : "halted"
  }

  powerOn(): void {
    if (this.isPowered) return
    this.isPowered = true
    this.clockZeroUs = this.clock.nowUs
    this.boot("power", POWER_ON)
  }

  /** Without a word to anybody: sockets and Wi-Fi vanish, pins float, what the flash was doing stays half done. */
  powerOff(): void {
    if (this.isPowered) this.tell({ kind: "off" })
    this.isPowered = false
    this.clock.cancel(this.starting)
    this.life?.dispose()
    this.life = undefined
    this.gpio.reset(false)
    this.port.cut()
  }

  /** Somebody presses the button at the reset pin. */
  reboot(): void {
    if (this.isPowered) this.end("reboot", POWER_ON, "outside")
  }

  restart(reason: Exclude<BootReason, "power">, by: Interpreter, start: Start = POWER_ON): void {
    if (this.life === by && this.isPowered) this.end(reason, start)
  }

  /** The next callback of this kind runs out of memory: it is lost, and with it its interval, watch or data handler. */
  loseCallback(kind: CallbackKind): void {
    this.losses.push(kind)
  }

  losesCallback(kind: CallbackKind): boolean {
    const index = this.losses.indexOf(kind)
    if (index < 0) return this.played?.losesCallback?.(kind) ?? false
    this.losses.splice(index, 1)
    this.tell({ kind: "fault", reason: lossText(kind) })
    return true
  }

  tell(telling: Telling): void {
    this.place.tell(this.name, telling)
  }

  private end(reason: BootReason, start: Start, by?: "outside"): void {
    this.life?.dispose()
    this.life = undefined
    this.boot(reason, start, by)
  }

  private boot(reason: BootReason, start: Start, by?: "outside"): void {
    this.boots++
    this.tell({ kind: "boot", boots: this.boots, reason, ...(by && { by }) })
    this.gpio.reset(false)
    this.clock.cancel(this.starting)
    if (start.isFirst) {
      this.port.cut()
      this.port.send(romText(reason), this.clock.nowUs)
    }
    this.starting = this.clock.after(start.isFirst ? BOOT_US : SOFT_US, () => this.start(start))
  }

  private start(start: Start): void {
    this.gpio.reset(true)
    this.life = new Interpreter(this)
    boot(this.life, start)
  }

  /** In the middle of a write: the program does not see the end of it. */
  private cutPower(): void {
    const { life } = this
    this.onPowerCut()
    life?.leave()
  }
}

/** What is told of a callback that was made to run out of memory. */
export const lossText = (kind: CallbackKind): string => `memory runs out in a ${kind} callback`

/** Espressif's prefix, then three bytes by name and seed: boards differ, and a board is the same in every run. */
function macOf(drawn: number, name: string): number[] {
  const own = (drawn ^ hash(name)) >>> 0
  return [0x24, 0x0a, 0xc4, (own >> 16) & 255, (own >> 8) & 255, own & 255]
}
