import type { OneWire } from "../../src/hal/one-wire"
import type { FakeClock } from "./clock"

/** A DS18B20 as the fake bus has it, from its datasheet (19-7487, memory map and commands). */
export class FakeThermometer {
  /** What the next conversion finds, in sixteenths of a degree. */
  raw = 0x0191
  isMissing = false
  /** The next so many readings of its scratchpad have a flipped bit. */
  spoiltReads = 0
  /** The next so many conversions end in a loss of power. */
  losesPower = 0
  /** The next so many commands to convert are not heard. */
  deaf = 0
  /** Power-on: 85 °C, and TH, TL and 12 bits from the EEPROM as it left the factory. */
  pad = [0x50, 0x05, 0x4b, 0x46, 0x7f, 0xff, 0x0c, 0x10]
  private readyAtMs = 0
  private converted = 0x0550

  constructor(readonly rom: string) {}

  powerOn(): void {
    this.pad = [0x50, 0x05, 0x4b, 0x46, 0x7f, 0xff, 0x0c, 0x10]
    this.converted = 0x0550
  }

  /** Result bits below the resolution mean nothing: here they are ones. */
  convert(nowMs: number): void {
    if (this.deaf && this.deaf--) return
    if (this.losesPower && this.losesPower--) return this.powerOn()
    const unused = 3 - (this.pad[4]! >> 5)
    this.readyAtMs = nowMs + 750 / (1 << unused)
    this.converted = this.raw | ((1 << unused) - 1)
  }

  read(nowMs: number): number[] {
    if (nowMs >= this.readyAtMs) {
      this.pad[0] = this.converted & 255
      this.pad[1] = (this.converted >> 8) & 255
    }
    const bytes = [...this.pad, crcOf(this.pad)]
    if (this.spoiltReads && this.spoiltReads--) bytes[1]! ^= 0x04
    return bytes
  }
}

/**
 * A 1-Wire bus with thermometers. Writes down what was sent and how long the chip was blocked by it; refuses what a driver must not do:
 * a command without an address, and anything on the line while parts live on it.
 */
export class FakeOneWire implements OneWire {
  /** "skip 4e 2d 2d 7f", "select 28... be", "power" ... */
  readonly sent: string[] = []
  /** Longest time the bus was busy without the clock being let go. */
  longestBlockMs = 0
  /** The line is at 0 V. */
  isShorted = false
  searches = 0
  private addressed: FakeThermometer[] | undefined
  private nowBlockedMs = 0
  private blockedAtMs = -1

  constructor(
    private readonly clock: FakeClock,
    readonly parts: FakeThermometer[],
  ) {}

  reset(): boolean {
    this.block(1)
    this.addressed = undefined
    return this.isShorted || this.present().length > 0
  }

  select(rom: string): void {
    if (!/^[0-9a-f]{16}$/.test(rom)) throw new Error(`"${rom}" is no ROM code`)
    this.reset()
    this.block(9 * 0.55)
    this.addressed = this.present().filter((part) => part.rom === rom)
    this.sent.push(`select ${rom}`)
  }

  skip(): void {
    this.block(0.55)
    this.addressed = this.present()
    this.sent.push("skip")
  }

  write(bytes: number | number[], power = false): void {
    if (!this.addressed) throw new Error("a command without reset and address")
    const all = typeof bytes === "number" ? [bytes] : bytes
    this.block(all.length * 0.55)
    this.sent[this.sent.length - 1] += ` ${all.map((byte) => byte.toString(16)).join(" ")}${power ? " power" : ""}`
    for (const part of this.addressed) this.command(part, all)
  }

  read(count: number): Uint8Array {
    if (!this.addressed) throw new Error("nobody was asked")
    this.block(count * 0.55)
    if (this.isShorted) return new Uint8Array(count)
    const bytes = this.addressed.length ? this.addressed[0]!.read(this.clock.nowMs()) : []
    return Uint8Array.from({ length: count }, (_, at) => bytes[at] ?? 255)
  }

  search(): string[] {
    this.searches++
    if (this.isShorted) return []
    return this.present().map(({ rom }) => rom)
  }

  private command(part: FakeThermometer, [command, ...rest]: number[]): void {
    if (command === 0x44) part.convert(this.clock.nowMs())
    else if (command === 0x4e) part.pad.splice(2, 3, ...rest)
    else if (command !== 0xbe) throw new Error(`command ${command}`)
  }

  private present(): FakeThermometer[] {
    return this.isShorted ? [] : this.parts.filter((part) => !part.isMissing)
  }

  private block(ms: number): void {
    if (this.clock.nowMs() !== this.blockedAtMs) this.nowBlockedMs = 0
    this.blockedAtMs = this.clock.nowMs()
    this.nowBlockedMs += ms
    this.longestBlockMs = Math.max(this.longestBlockMs, this.nowBlockedMs)
  }
}

/** x^8 + x^5 + x^4 + 1, the datasheet's shift register. */
export function crcOf(bytes: number[]): number {
  let crc = 0
  for (const byte of bytes)
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = (crc ^ (byte >> bit)) & 1
      crc = (crc >> 1) ^ (isOdd ? 0x8c : 0)
    }
  return crc
}
