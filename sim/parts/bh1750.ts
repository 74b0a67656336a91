import { Sensed } from "./air"
import { I2cPart, round2 } from "./i2c-part"
import type { PartPlace } from "./part"

/**
 * BH1750FVI ambient light sensor, read from "Digital 16bit Serial Output Type Ambient Light Sensor IC BH1750FVI" (ROHM, revision D):
 * I2C at 0x23 (ADDR low) or 0x5C (high), up to 54,612.5 lx at the sensitivity after power-on. Worst case measurement: 180 ms, at
 * MTreg 254 it is 663 ms. It never refuses to be read: before a measurement ends it gives the one before.
 */
const ADDRESSES = [0x23, 0x5c]

/** "Instruction set architecture". */
const POWER_DOWN = 0x00
const POWER_ON = 0x01
const RESET = 0x07
/** H, H2 and L mode by the lowest two bits of an instruction; typical and maximum ms at MTreg 69 ("Electrical characteristics"). */
const MODES = [
  { ms: [120, 180], gain: 1, stepLux: 0 },
  { ms: [120, 180], gain: 2, stepLux: 0 },
  undefined,
  { ms: [16, 24], gain: 1, stepLux: 4 },
] as const
/** The upper six bits: 0001_00 and 0010_00. */
const CONTINUOUS = 0b000100
const ONE_TIME = 0b001000
type Mode = NonNullable<(typeof MODES)[number]>

/** "Adjusting the measurement result for influence of optical window": 31 to 254, 69 after power-on. */
const MTREG = { low: 31, high: 254, start: 69 }
/** Counts per lux at MTreg 69 in H-resolution mode. */
const COUNTS_PER_LUX = 1.2

/** "Electrical characteristics": powered on and powered down, typical, mA. */
const ON_MA = 0.12
const DOWN_MA = 0.00001

export class Bh1750 extends I2cPart {
  readonly part = "bh1750"
  /** Offset, noise, drift as fields; the datasheet names no noise, and no lag beside the measuring time. */
  readonly light: Sensed
  private mtreg = MTREG.start
  private isOn = false
  private data = 0
  private running: { mode: Mode; sensitivity: number; sinceUs: number; lengthUs: number; repeats: boolean } | undefined

  constructor(place: PartPlace) {
    super(place, ADDRESSES)
    this.light = new Sensed((atUs) => place.room.at(atUs).lux ?? 0, place.random.split("noise of light"), place.clock)
  }

  /** What falls on the sensor; the room's daylight until it is set by hand. */
  get lux(): number {
    return this.light.value
  }
  set lux(value: number) {
    this.light.value = value
  }

  values(): Record<string, number> {
    return { lux: round2(this.lux) }
  }

  protected reset(): void {
    this.mtreg = MTREG.start
    this.isOn = false
    this.data = 0
    this.running = undefined
  }

  protected begin(isRead: boolean, atUs: number): boolean {
    if (isRead) this.settle(atUs)
    return true
  }

  /** One instruction a message: what follows is not acknowledged. */
  protected take(byte: number, index: number, atUs: number): boolean {
    if (index > 0) return false
    this.settle(atUs)
    if (byte === POWER_DOWN) this.stop()
    else if (byte === POWER_ON) this.isOn = true
    // "Reset command is not acceptable in power down mode."
    else if (byte === RESET) this.data = this.isOn ? 0 : this.data
    else if (byte >> 3 === 0b01000) this.mtreg = (this.mtreg & 0x1f) | ((byte & 7) << 5)
    else if (byte >> 5 === 0b011) this.mtreg = (this.mtreg & 0xe0) | (byte & 0x1f)
    else this.start(byte, atUs)
    return true
  }

  protected give(index: number): number {
    return index === 0 ? this.data >> 8 : index === 1 ? this.data & 255 : 0xff
  }

  /** A single measurement ends by itself, asked about or not. */
  protected drawMa(atUs: number): number {
    const { repeats = true, sinceUs = 0, lengthUs = 0 } = this.running ?? {}
    return this.isOn && (repeats || atUs < sinceUs + lengthUs) ? ON_MA : DOWN_MA
  }

  protected get felt(): Sensed {
    return this.light
  }

  /** "Power on command is possible to omit." Instructions the datasheet does not list do nothing. */
  private start(byte: number, atUs: number): void {
    const mode = MODES[byte & 3]
    const kind = byte >> 2
    if (!mode || (kind !== CONTINUOUS && kind !== ONE_TIME)) return
    this.isOn = true
    const sensitivity = Math.min(MTREG.high, Math.max(MTREG.low, this.mtreg)) / MTREG.start
    const lengthUs = Math.round(this.lengthUs(mode.ms) * sensitivity)
    this.running = { mode, sensitivity, sinceUs: atUs, lengthUs, repeats: kind === CONTINUOUS }
  }

  private stop(): void {
    this.isOn = false
    this.running = undefined
  }

  /** The register holds the newest measurement that has ended; after a single one the part powers itself down. */
  private settle(atUs: number): void {
    if (!this.running) return
    const { mode, sensitivity, sinceUs, lengthUs, repeats } = this.running
    const ended = Math.floor((atUs - sinceUs) / lengthUs)
    if (ended < 1) return
    const endUs = sinceUs + (repeats ? ended : 1) * lengthUs
    this.data = this.counts(mode, sensitivity, endUs)
    if (repeats) this.running.sinceUs = endUs
    else this.stop()
  }

  private counts({ gain, stepLux }: Mode, sensitivity: number, atUs: number): number {
    const lux = Math.max(0, this.light.read(atUs))
    this.tell(atUs, "measures", { lux })
    const seen = stepLux ? Math.floor(lux / stepLux) * stepLux : lux
    // The margin: 1.2 has no exact binary form.
    return Math.min(0xffff, Math.floor(seen * COUNTS_PER_LUX * gain * sensitivity + 1e-6))
  }
}
