import type { OneWireTarget } from "../buses/one-wire"

/** CRC of the 1-Wire parts: x^8 + x^5 + x^4 + 1, least significant bit first, from 0 (Maxim, application note 27). */
export function oneWireCrc(bytes: number[]): number {
  let crc = 0
  for (const byte of bytes)
    for (let i = 0; i < 8; i++) crc = ((crc ^ (byte >> i)) & 1) === 1 ? (crc >> 1) ^ 0x8c : crc >> 1
  return crc
}

/** Family code, six bytes of serial number with the least significant first, CRC. */
export function romOf(family: number, serial: number): number[] {
  const bytes = [family]
  for (let i = 0; i < 6; i++) bytes.push(Math.floor(serial / 256 ** i) % 256)
  return [...bytes, oneWireCrc(bytes)]
}

export const bitOf = (bytes: number[], at: number): 0 | 1 => ((bytes[at >> 3] >> (at & 7)) & 1) as 0 | 1

/** What a part does once it is addressed. */
export interface OneWireDevice {
  isThere(atUs: number): boolean
  /** A reset pulse has ended whatever went on. */
  onReset(atUs: number): void
  isAlarmed(): boolean
  onWriteBit(bit: 0 | 1, atUs: number): void
  onReadBit(atUs: number): 0 | 1
  onPower(isOn: boolean, atUs: number): void
}

const READ_ROM = 0x33
const MATCH_ROM = 0x55
const SKIP_ROM = 0xcc
const SEARCH_ROM = 0xf0
const ALARM_SEARCH = 0xec
const ROM_BITS = 64

/** Not addressed until the next reset; takes its command; compares, searches or gives its code; addressed. */
type Step = "idle" | "command" | "match" | "search" | "read" | "addressed"

/** The ROM function commands that all 1-Wire parts share (DS18B20 datasheet, "ROM Commands" and figure 13). */
export class OneWireRom implements OneWireTarget {
  private step: Step = "idle"
  private command = 0
  private bits = 0
  /** Of a search: the bit, its complement, the master's choice. */
  private turn = 0

  constructor(
    readonly rom: number[],
    private readonly device: OneWireDevice,
  ) {}

  onReset(atUs: number): boolean {
    if (!this.device.isThere(atUs)) {
      this.step = "idle"
      return false
    }
    this.device.onReset(atUs)
    this.enter("command")
    this.command = 0
    return true
  }

  onWriteBit(bit: 0 | 1, atUs: number): void {
    if (this.step === "addressed") return this.device.onWriteBit(bit, atUs)
    if (this.step === "command") return this.takeCommandBit(bit)
    if (this.step === "match") return this.compare(bit, "addressed")
    // The third slot of each three: who has another bit there drops out until the next reset.
    if (this.step !== "search" || this.turn < 2) return
    this.turn = 0
    this.compare(bit, "addressed")
  }

  onReadBit(atUs: number): 0 | 1 {
    if (this.step === "addressed") return this.device.onReadBit(atUs)
    if (this.step === "search") return this.searchBit()
    if (this.step !== "read") return 1
    const bit = bitOf(this.rom, this.bits++)
    if (this.bits === ROM_BITS) this.step = "addressed"
    return bit
  }

  onPower(isOn: boolean, atUs: number): void {
    this.device.onPower(isOn, atUs)
  }

  private searchBit(): 0 | 1 {
    const bit = bitOf(this.rom, this.bits)
    return this.turn++ === 0 ? bit : ((1 - bit) as 0 | 1)
  }

  private compare(bit: 0 | 1, then: Step): void {
    if (bit !== bitOf(this.rom, this.bits)) this.step = "idle"
    else if (++this.bits === ROM_BITS) this.enter(then)
  }

  private takeCommandBit(bit: 0 | 1): void {
    this.command |= bit << this.bits
    if (++this.bits === 8) this.enter(this.stepOf(this.command))
  }

  private stepOf(command: number): Step {
    if (command === SKIP_ROM) return "addressed"
    if (command === MATCH_ROM) return "match"
    if (command === READ_ROM) return "read"
    if (command === SEARCH_ROM || (command === ALARM_SEARCH && this.device.isAlarmed())) return "search"
    return "idle"
  }

  private enter(step: Step): void {
    this.step = step
    this.bits = 0
    this.turn = 0
  }
}
