import type { Net } from "../pins/net"
import { FLOAT, PULL_UP } from "../pins/net"
import { Sensed } from "./air"
import { Ds18b20Faults } from "./ds18b20-faults"
import { Ds18b20Memory } from "./ds18b20-memory"
import { bitOf, OneWireRom, romOf } from "./one-wire-rom"
import type { OneWireDevice } from "./one-wire-rom"
import type { Part, PartPlace } from "./part"

/**
 * DS18B20 thermometer, read from Maxim's "DS18B20 Programmable Resolution 1-Wire Digital Thermometer" (Rev 6): 1-Wire, -55 to
 * 125 °C, 9 to 12 bits in 94 to 750 ms, 85 °C from power-on to the first conversion. Options: `serial` (48 bits, by the seed without),
 * `parasite` (no supply wire), `pullUp` false for a bare part (a module brings 4.7 kOhm). Conversions take their longest time.
 */
const FAMILY = 0x28
const CONVERT = 0x44
const WRITE_SCRATCHPAD = 0x4e
const READ_SCRATCHPAD = 0xbe
const COPY_SCRATCHPAD = 0x48
const RECALL = 0xb8
const READ_POWER_SUPPLY = 0xb4

/** t_CONV at 12 bits; half of it for each bit less. */
const CONVERSION_US = 750_000
/** t_WR: a write to the EEPROM. */
const COPY_US = 10_000
/** How soon the strong pull-up must come after Convert T or Copy (datasheet, "Powering the DS18B20"). */
const POWER_WITHIN_US = 10

/** Active and standby supply current (datasheet, I_DD 1 mA typical, I_DDS 750 nA typical). */
const ACTIVE_MA = 1
const STANDBY_MA = 0.00075
/** First-order lag of a bare TO-92 in still air. Estimate: a steel probe is slower, in water all are faster. */
const LAG_S = 30

/** What goes on by itself, and until when. */
interface Work {
  endUs: number
  finish(): void
  /** The strong pull-up came in time. Without a supply wire nothing else will do. */
  isFed: boolean
}

export class Ds18b20 implements Part, OneWireDevice {
  readonly part = "ds18b20"
  readonly name: string
  readonly faults: Ds18b20Faults
  /** Lag, noise, offset and drift of what it feels. */
  readonly air: Sensed
  /** As on the wire: family code first. */
  readonly rom: number[]
  private readonly place: PartPlace
  private readonly data: Net
  private readonly memory = new Ds18b20Memory()
  private readonly isParasite: boolean
  private readonly hasPullUp: boolean
  private isPowered = false
  private work: Work | undefined
  private command = 0
  private bits = 0
  private answer: number[] = []
  private readonly written = [0, 0, 0]

  constructor(place: PartPlace) {
    this.place = place
    this.name = place.name
    this.data = place.net("data")
    this.air = new Sensed((atUs) => place.room.at(atUs).temperatureC, place.random.split("noise"), place.clock)
    this.air.lagS = LAG_S
    this.faults = new Ds18b20Faults(this.data, () => this.air)
    this.isParasite = place.option("parasite", false)
    this.hasPullUp = place.option("pullUp", true)
    this.rom = romOf(FAMILY, place.option("serial", place.random.split("serial").below(2 ** 32)))
    place.buses.oneWire.attach(this.data, new OneWireRom(this.rom, this))
  }

  /** What there is around it; from the room until it is set by hand. It follows late: `air.lagS`. */
  get temperatureC(): number {
    return this.air.value
  }
  set temperatureC(value: number) {
    this.air.value = value
  }

  /** As Espruino's `search` gives it and `select` takes it. */
  get romText(): string {
    return this.rom.map((byte) => byte.toString(16).padStart(2, "0")).join("")
  }

  values(): Record<string, number> {
    return { temperatureC: Math.round(this.temperatureC * 100) / 100 }
  }

  currentMa(): number {
    return this.work && this.work.endUs > this.place.clock.nowUs ? ACTIVE_MA : STANDBY_MA
  }

  powerOn(): void {
    this.isPowered = true
    this.memory.powerOn()
    if (this.hasPullUp) this.data.drive(this, PULL_UP)
  }

  powerOff(): void {
    this.isPowered = false
    this.work = undefined
    this.data.drive(this, FLOAT)
  }

  isThere(): boolean {
    return this.isPowered && !this.faults.missing
  }

  isAlarmed(): boolean {
    return this.memory.isAlarmed
  }

  onReset(atUs: number): void {
    this.settle(atUs)
    this.command = this.bits = 0
    this.answer = []
  }

  onWriteBit(bit: 0 | 1, atUs: number): void {
    this.settle(atUs)
    if (this.bits < 8) {
      this.command |= bit << this.bits
      if (++this.bits === 8) this.obey(this.command, atUs)
      return
    }
    if (this.command === WRITE_SCRATCHPAD) this.takeDataBit(bit)
  }

  onReadBit(atUs: number): 0 | 1 {
    this.settle(atUs)
    if (this.answer.length) return this.bits < 8 + 8 * this.answer.length ? bitOf(this.answer, this.bits++ - 8) : 1
    if (this.command === READ_POWER_SUPPLY && this.bits >= 8) return this.isParasite ? 0 : 1
    return this.work ? 0 : 1
  }

  /** A strong pull-up that comes in time feeds it; one that goes before the work is done leaves it without. */
  onPower(isOn: boolean, atUs: number): void {
    if (!this.isParasite || !this.work) return
    if (isOn) this.work.isFed = true
    else if (atUs < this.work.endUs) this.brownOut()
    else this.settle(atUs)
  }

  private obey(command: number, atUs: number): void {
    // A slot's falling edge is its start; the command is whole when its last slot is over.
    const fromUs = atUs + 60
    if (command === READ_SCRATCHPAD) this.answer = this.faults.spoil(this.memory.scratchpad())
    else if (command === CONVERT) this.convert(fromUs)
    else if (command === COPY_SCRATCHPAD) this.begin(fromUs, COPY_US, () => this.memory.copy())
    else if (command === RECALL) this.memory.recall()
  }

  private takeDataBit(bit: 0 | 1): void {
    const at = this.bits++ - 8
    if (at >= 24) return
    this.written[at >> 3] = (this.written[at >> 3] & ~(1 << (at & 7))) | (bit << (at & 7))
    if ((at & 7) === 7) this.memory.write(at >> 3, this.written[at >> 3])
  }
  private convert(fromUs: number): void {
    const { resolution } = this.memory
    const lengthUs = Math.round(CONVERSION_US / 2 ** (12 - resolution))
    const temperatureC = this.air.read(fromUs)
    this.begin(fromUs, lengthUs, () => {
      this.memory.keep(temperatureC, resolution)
      this.place.tell("converts", { temperatureC: Math.round(temperatureC * 100) / 100, bits: resolution })
    })
  }

  private begin(fromUs: number, lengthUs: number, finish: () => void): void {
    this.work = { endUs: fromUs + lengthUs, finish, isFed: !this.isParasite }
    const { work } = this
    if (this.isParasite)
      this.place.clock.at(fromUs + POWER_WITHIN_US, () => this.work === work && !work.isFed && this.brownOut())
  }

  /** Whatever has ended by now has ended: the bus may be ahead of the house, so it asks and no alarm tells. */
  private settle(atUs: number): void {
    const { work } = this
    if (!work) return
    if (!work.isFed) return this.brownOut()
    if (atUs < work.endUs) return
    this.work = undefined
    work.finish()
  }

  /** The charge on the wire does not last for work: the part starts anew, with 85 °C. */
  private brownOut(): void {
    this.work = undefined
    this.memory.powerOn()
    this.command = this.bits = 0
    this.place.tell("browns out: no strong pull-up while it works")
  }
}
