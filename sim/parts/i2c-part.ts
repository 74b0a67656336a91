import type { I2cTarget } from "../buses/i2c"
import type { Random } from "../clock/random"
import { I2cFaults } from "./i2c-faults"
import type { Part, PartPlace } from "./part"
import type { Felt } from "./sensor-faults"
import { WiringError } from "./part"

/** Length of a conversion within its typical and maximum one; "jitter" draws each by the seed. */
type Conversion = "typical" | "slowest" | "jitter"

/**
 * What parts on an I2C bus have in common: address, power, faults, and a message cut into numbered bytes. A part says what it
 * does with a byte (`take`) and which it gives (`give`).
 */
export abstract class I2cPart implements Part, I2cTarget {
  abstract readonly part: string
  readonly name: string
  /** 7 bits. */
  readonly address: number
  readonly faults: I2cFaults
  conversion: Conversion = "jitter"
  protected poweredAtUs = Infinity
  private readonly times: Random
  /** Bytes of the current message so far; -1 when it is for another part. */
  private index = -1

  constructor(
    protected readonly place: PartPlace,
    addresses: number[],
  ) {
    this.name = place.name
    this.times = place.random.split("conversions")
    this.address = addressOf(place, addresses)
    const sda = place.net("sda")
    this.faults = new I2cFaults(sda, () => this.felt, place.buses.i2c)
    place.buses.i2c.attach(sda, place.net("scl"), this)
  }

  abstract values(): Record<string, number>
  /** Registers and memory as they are after power-on. */
  protected abstract reset(atUs: number): void
  /** This part is addressed: true acknowledges. */
  protected abstract begin(isRead: boolean, atUs: number): boolean
  protected abstract take(byte: number, index: number, atUs: number): boolean
  protected abstract give(index: number, atUs: number): number
  /** What it takes from the supply at this instant, mA. */
  protected abstract drawMa(atUs: number): number
  /** What it measures. */
  protected abstract get felt(): Felt

  currentMa(): number {
    return this.faults.missing ? 0 : this.drawMa(this.place.clock.nowUs)
  }

  powerOn(): void {
    this.poweredAtUs = this.place.clock.nowUs
    this.index = -1
    this.reset(this.poweredAtUs)
  }

  powerOff(): void {
    this.poweredAtUs = Infinity
    this.index = -1
    this.faults.holdsSda = false
  }

  onStart(address: number, isRead: boolean, atUs: number): boolean {
    this.index = -1
    if (address !== this.address || this.faults.missing || this.poweredAtUs > atUs) return false
    if (!this.begin(isRead, atUs)) return false
    this.index = 0
    return true
  }

  onWrite(byte: number, atUs: number): boolean {
    return this.take(byte, this.index++, atUs)
  }

  onRead(atUs: number): number {
    const bit = (this.faults.flipBit ?? -1) - 8 * this.index
    const byte = this.give(this.index++, atUs)
    return bit >= 0 && bit < 8 ? byte ^ (0x80 >> bit) : byte
  }

  onStop(_atUs: number): void {
    this.index = -1
  }

  /** Microseconds of a conversion that takes so many milliseconds by the datasheet. */
  protected lengthUs([typicalMs, maxMs]: readonly number[]): number {
    const ms =
      this.conversion === "typical" ? typicalMs : this.conversion === "slowest" ? maxMs : this.drawn(typicalMs, maxMs)
    return Math.round(ms * 1000)
  }

  private drawn(typicalMs: number, maxMs: number): number {
    return this.times.between(typicalMs, maxMs)
  }

  /** Becomes an event at the bus's own time, which may be ahead of the house's. */
  protected tell(atUs: number, what: string, values: Record<string, number>): void {
    const rounded = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, round2(value)]))
    if (atUs <= this.place.clock.nowUs) this.place.tell(what, rounded)
    else this.place.clock.at(atUs, () => this.place.tell(what, rounded))
  }
}

/** As a number, or as text with 0x: JSON has no hexadecimal numbers. */
function addressOf(place: PartPlace, addresses: number[]): number {
  const written = place.option<number | string>("address", addresses[0])
  if (addresses.includes(Number(written))) return Number(written)
  const known = addresses.map((address) => `0x${address.toString(16)}`).join(" or ")
  throw new WiringError(`part "${place.name}" has address ${written}: its pins allow ${known}`)
}

export function round2(value: number): number {
  return Math.round(value * 100) / 100
}
