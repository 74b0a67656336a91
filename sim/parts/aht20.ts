import { AirPart } from "./air-part"
import type { PartPlace } from "./part"
import { crc8 } from "./sensirion"

/**
 * AHT20 temperature and humidity sensor, read from "AHT20 Product manuals" (Aosong, version 1.0 and A1): I2C at 0x38, -40 to 85 °C
 * and 0 to 100 %RH in 20 bits each, one CRC. Worst case conversion: 80 ms, the manual gives no shorter one.
 */
const ADDRESSES = [0x38]

/** §5.4: wait 40 ms after power-on before the status is read, 10 ms after 0xBE, 80 ms after 0xAC; §5.5: a soft reset takes 20 ms. */
const POWER_UP_US = 40_000
const INITIALISE_US = 10_000
const MEASURE_US = 80_000
const SOFT_RESET_US = 20_000

/** §5.3, table 9, and their parameters. */
const INITIALISE = [0xbe, 0x08, 0x00]
const MEASURE = [0xac, 0x33, 0x00]
const SOFT_RESET = 0xba
const READ_STATUS = 0x71

/** §5.3, table 10. Bit 4 is always read as 1 (§5.4 of version A1: "status word and 0x18"). */
const STATUS_BUSY = 0x80
const STATUS_CALIBRATED = 0x08
const STATUS_ALWAYS = 0x10

const SPAN = 1 << 20
const MEASURING_RISE_C = 0.3

/** §2, electrical characteristics: dormant and measuring, mA. */
const IDLE_MA = 0.00025
const MEASURING_MA = 0.98

export class Aht20 extends AirPart {
  readonly part = "aht20"
  /** False for a part that loses its calibration bit without power: then 0xBE has to come first. */
  startsCalibrated = true
  private readyUs = 0
  private busyUntilUs = 0
  private isCalibrated = true
  private isMeasuring = false
  private command: number[] = []
  private data = [0, 0, 0, 0, 0]
  private answer: number[] = []

  constructor(place: PartPlace) {
    super(place, ADDRESSES)
    const { temperature, humidity } = this.air
    // §1, tables 1 and 2: repeatability 0.1 °C and 0.1 %RH, tau 63 % of 5 to 30 s and of 8 s.
    Object.assign(temperature, { lagS: 5, noise: 0.1 / 3 })
    Object.assign(humidity, { lagS: 8, noise: 0.1 / 3 })
  }

  protected reset(atUs: number): void {
    this.restart(atUs + POWER_UP_US)
  }

  protected begin(isRead: boolean, atUs: number): boolean {
    if (atUs < this.readyUs) return false
    this.command = []
    if (isRead) this.answer = this.frame(atUs)
    return true
  }

  protected take(byte: number, index: number, atUs: number): boolean {
    this.command.push(byte)
    if (index === 0 && byte === SOFT_RESET) this.restart(atUs + SOFT_RESET_US)
    else if (index === 2 && atUs >= this.busyUntilUs) this.execute(atUs)
    return index > 0 || [INITIALISE[0], MEASURE[0], SOFT_RESET, READ_STATUS].includes(byte)
  }

  protected give(index: number): number {
    return this.answer[index] ?? 0xff
  }

  protected drawMa(atUs: number): number {
    return atUs < this.busyUntilUs && this.isMeasuring ? MEASURING_MA : IDLE_MA
  }

  private execute(atUs: number): void {
    if (isSame(this.command, INITIALISE)) {
      this.isCalibrated = true
      this.busyUntilUs = atUs + INITIALISE_US
    } else if (isSame(this.command, MEASURE)) {
      this.isMeasuring = true
      this.busyUntilUs = atUs + MEASURE_US
      this.air.heating.burst(MEASURING_RISE_C, MEASURE_US, atUs)
    }
  }

  private restart(readyUs: number): void {
    this.readyUs = this.busyUntilUs = readyUs
    this.isCalibrated = this.startsCalibrated
    this.isMeasuring = false
    this.data = [0, 0, 0, 0, 0]
  }

  /** §5.4: status, 20 bits of humidity, 20 of temperature, CRC. While it measures the values are those before. */
  private frame(atUs: number): number[] {
    const isBusy = atUs < this.busyUntilUs
    if (this.isMeasuring && !isBusy) this.measure()
    const status = (isBusy ? STATUS_BUSY : 0) | STATUS_ALWAYS | (this.isCalibrated ? STATUS_CALIBRATED : 0)
    const bytes = [status, ...this.data]
    return [...bytes, this.faults.badCrc ? crc8(bytes) ^ 0x55 : crc8(bytes)]
  }

  /** §6.1 and §6.2: RH = S / 2^20 * 100 %, T = S / 2^20 * 200 - 50 °C. */
  private measure(): void {
    this.isMeasuring = false
    const { temperatureC, humidityPct } = this.air.read(this.busyUntilUs)
    this.tell(this.busyUntilUs, "measures", { temperatureC, humidityPct })
    const h = share(humidityPct / 100)
    const t = share((Math.min(85, Math.max(-40, temperatureC)) + 50) / 200)
    this.data = [h >> 12, (h >> 4) & 255, ((h & 15) << 4) | (t >> 16), (t >> 8) & 255, t & 255]
  }
}

const share = (value: number): number => Math.min(SPAN - 1, Math.max(0, Math.round(value * SPAN)))

const isSame = (a: number[], b: number[]): boolean => a.length === b.length && a.every((byte, i) => byte === b[i])
