import type { OneWireTarget } from "./one-wire"

/** What the wire is besides what master and parts pull. */
interface LineState {
  /** Something holds it at this level, whatever master and parts do. */
  held?: 0 | 1
  /** A resistor of a few kOhm to the supply. */
  hasPullUp: boolean
}

/** Times in microseconds, as the firmware waits them out (jswrap_onewire.c, Espruino 2v29). */
export const RESET_LOW_US = 500
export const RESET_SAMPLE_US = 80
const RESET_TAIL_US = 420
export const READ_LOW_US = 3
export const READ_SAMPLE_US = 10
const READ_TAIL_US = 53
export const ONE_LOW_US = 10
const ONE_TAIL_US = 55
export const ZERO_LOW_US = 65
const ZERO_TAIL_US = 5

/** How long the bus is busy with each slot, by its letter in a OneWireEvent. */
export const SLOT_US: Record<string, number> = {
  R: RESET_LOW_US + RESET_SAMPLE_US + RESET_TAIL_US,
  r: RESET_LOW_US + RESET_SAMPLE_US + RESET_TAIL_US,
  "0": ZERO_LOW_US + ZERO_TAIL_US,
  "1": ONE_LOW_US + ONE_TAIL_US,
  l: READ_LOW_US + READ_SAMPLE_US + READ_TAIL_US,
  h: READ_LOW_US + READ_SAMPLE_US + READ_TAIL_US,
}

/**
 * Parts that the chip's own pull-up (45 kOhm, ESP32 datasheet) can lift within a read slot's 13 us. Rule, an estimate: a part has
 * 25 pF at most (DS18B20, C_IN/OUT) and some 100 pF of wire, 5.6 us a time constant; with two parts it is 11 us, and too late.
 */
const PARTS_ON_WEAK_PULL_UP = 1

/** One run of slots on one wire: what the master does, bit by bit, on the bus's own time. */
export class OneWireLine {
  /** As in OneWireEvent. */
  slots = ""
  protected readonly rises: boolean

  constructor(
    protected readonly targets: OneWireTarget[],
    private readonly state: LineState,
    public atUs: number,
  ) {
    this.rises = state.hasPullUp || targets.length <= PARTS_ON_WEAK_PULL_UP
  }

  /** What the firmware takes for presence: the line is low 80 us after it was let go. So is a line that is always low. */
  reset(): boolean {
    const { held } = this.state
    const answers = held === undefined ? this.targets.map((each) => each.onReset(this.atUs + RESET_LOW_US)) : []
    const isPresent = held === 0 || answers.includes(true)
    this.end(isPresent ? "R" : "r")
    return isPresent
  }

  writeBit(bit: 0 | 1): void {
    const seen = bit === 1 && this.rises ? 1 : 0
    if (this.state.held === undefined) for (const each of this.targets) each.onWriteBit(seen, this.atUs)
    this.end(bit === 1 ? "1" : "0")
  }

  readBit(): 0 | 1 {
    const { held } = this.state
    let bit = held ?? (this.rises ? 1 : 0)
    if (held === undefined) for (const each of this.targets) if (each.onReadBit(this.atUs) === 0) bit = 0
    this.end(bit === 1 ? "h" : "l")
    return bit
  }

  /** Least significant bit first, as all of 1-Wire. */
  writeByte(byte: number): void {
    for (let i = 0; i < 8; i++) this.writeBit(((byte >> i) & 1) as 0 | 1)
  }

  readByte(): number {
    let byte = 0
    for (let i = 0; i < 8; i++) byte |= this.readBit() << i
    return byte
  }

  /** The master drives the line high, or ends that. */
  power(isOn: boolean): void {
    const reaches = this.state.held !== 0
    for (const each of this.targets) each.onPower?.(isOn && reaches, this.atUs)
  }

  protected end(slot: string): void {
    this.slots += slot
    this.atUs += SLOT_US[slot]
  }
}
