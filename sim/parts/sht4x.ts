import { AirPart } from "./air-part"
import type { PartPlace } from "./part"
import { ticks, wordsWithCrc } from "./sensirion"
import type { Measurement } from "./sensirion"

/**
 * SHT40, SHT41, SHT45 temperature and humidity sensors, read from "Datasheet SHT4x" (Sensirion, version 6): I2C at 0x44 (types A), 0x45
 * (B) or 0x46 (C), one command byte, -45 to 130 °C and -6 to 119 %RH in 16 bits, a CRC behind each word. Worst case conversion:
 * 8.3 ms; a heater pulse with its measurement: 1.1 s.
 */
const ADDRESSES = [0x44, 0x45, 0x46]

/** §3.2, table 5: power-up, soft reset, measurement and heater; typical and maximum, ms. */
const POWER_UP_MS = [0.3, 1] as const
const SOFT_RESET_MS = [1, 1] as const
const HIGH_MS = [6.9, 8.3] as const
const LONG_PULSE_MS = [1_000, 1_100] as const
const SHORT_PULSE_MS = [100, 110] as const

/** §2.1 and §2.2: repeatability 0.04, 0.07, 0.1 °C and 0.08, 0.15, 0.25 %RH, three standard deviations. */
const MEASURE = new Map<number, { ms: readonly [number, number]; noise: [number, number] }>([
  [0xfd, { ms: HIGH_MS, noise: [1, 1] }],
  [0xf6, { ms: [3.7, 4.5], noise: [1.75, 1.9] }],
  [0xe0, { ms: [1.3, 1.6], noise: [2.5, 3.1] }],
])
/** §4.9: heater power in mW and length; a measurement of high repeatability follows before the heater is switched off. */
const HEAT = new Map<number, [milliwatts: number, ms: readonly [number, number]]>([
  [0x39, [200, LONG_PULSE_MS]],
  [0x32, [200, SHORT_PULSE_MS]],
  [0x2f, [110, LONG_PULSE_MS]],
  [0x24, [110, SHORT_PULSE_MS]],
  [0x1e, [20, LONG_PULSE_MS]],
  [0x15, [20, SHORT_PULSE_MS]],
])
/** §4.5. */
const SERIAL_NUMBER = 0x89
const SOFT_RESET = 0x94

/** A small module on air: 200 mW end 60 °C above it. Estimate after the figure of §4.9. Measuring takes 320 uA (§3.1): 1 mW. */
const KELVIN_PER_MILLIWATT = 0.3
const MEASURING_MILLIWATTS = 1

/** §3.1, table 4: idle and measuring, typical, mA. */
const IDLE_MA = 0.00008
const MEASURING_MA = 0.32
const SUPPLY_V = 3.3

export class Sht4x extends AirPart {
  readonly part = "sht4x"
  readonly serialNumber: number
  private readyUs = 0
  private busyMa = IDLE_MA
  private pending: Measurement | undefined
  private answer: number[] | undefined
  /** The answer was read, which empties the memory. */
  private isGiven = false

  constructor(place: PartPlace) {
    super(place, ADDRESSES)
    this.serialNumber = place.random.split("serial").below(0x100000000)
    const { temperature, humidity } = this.air
    // §2.1 and §2.2: response time tau 63 % of 4 s for humidity, 2 s for temperature.
    Object.assign(temperature, { lagS: 2, noise: 0.04 / 3 })
    Object.assign(humidity, { lagS: 4, noise: 0.08 / 3 })
  }

  protected reset(atUs: number): void {
    this.restart(atUs + this.lengthUs(POWER_UP_MS))
  }

  /** §4.2: a read header is not acknowledged while the part is busy, nor when there is nothing to read. */
  protected begin(isRead: boolean, atUs: number): boolean {
    if (atUs < this.readyUs) return false
    if (this.isGiven) this.answer = undefined
    return !isRead || this.pending !== undefined || this.answer !== undefined
  }

  protected take(byte: number, index: number, atUs: number): boolean {
    if (index > 0) return false
    this.answer = this.pending = undefined
    this.isGiven = false
    const measure = MEASURE.get(byte)
    const heat = HEAT.get(byte)
    if (measure) this.measure(this.lengthUs(measure.ms), measure.noise, atUs)
    else if (heat) this.pulse(heat[0], this.lengthUs(heat[1]), atUs)
    else if (byte === SERIAL_NUMBER) this.answer = this.words(this.serialNumber >>> 16, this.serialNumber & 0xffff)
    else if (byte === SOFT_RESET) this.restart(atUs + this.lengthUs(SOFT_RESET_MS))
    else return false
    return true
  }

  protected give(index: number): number {
    if (this.pending) this.answer = this.measured(this.pending)
    this.pending = undefined
    this.isGiven = true
    return this.answer?.[index] ?? 0xff
  }

  private measure(lengthUs: number, noise: [number, number], atUs: number): void {
    this.readyUs = atUs + lengthUs
    this.busyMa = MEASURING_MA
    this.pending = { startUs: atUs, doneUs: this.readyUs, noise, stretches: false }
    this.air.heating.burst(MEASURING_MILLIWATTS * KELVIN_PER_MILLIWATT, lengthUs, atUs)
  }

  /** The heater goes off with the measurement that ends its pulse. */
  private pulse(milliwatts: number, lengthUs: number, atUs: number): void {
    this.readyUs = atUs + lengthUs
    this.busyMa = milliwatts / SUPPLY_V
    this.pending = { startUs: atUs, doneUs: this.readyUs, noise: [1, 1], stretches: false }
    this.air.heating.head(milliwatts * KELVIN_PER_MILLIWATT, atUs, this.readyUs)
  }

  private measured({ doneUs, noise }: Measurement): number[] {
    const { temperatureC, humidityPct } = this.air.read(doneUs, noise)
    this.tell(doneUs, "measures", { temperatureC, humidityPct })
    // §4.6: -45 °C + 175 °C, and -6 %RH + 125 %RH, of 2^16 - 1 steps: values below 0 and above 100 %RH are given as they are.
    return this.words(ticks(temperatureC, -45, 175), ticks(humidityPct, -6, 125))
  }

  protected drawMa(atUs: number): number {
    return atUs < this.readyUs ? this.busyMa : IDLE_MA
  }

  private words(...words: number[]): number[] {
    return wordsWithCrc(words, this.faults.badCrc)
  }

  private restart(readyUs: number): void {
    this.readyUs = readyUs
    this.busyMa = IDLE_MA
    this.pending = this.answer = undefined
    this.air.heating.reset()
  }
}
