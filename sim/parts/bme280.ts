import { AirPart } from "./air-part"
import {
  calibrationBytes,
  drawCalibration,
  fineTemperature,
  humidityPct,
  invert,
  pressurePa,
} from "./bme280-calibration"
import type { Calibration } from "./bme280-calibration"
import { round2 } from "./i2c-part"
import type { PartPlace } from "./part"

/**
 * BME280 humidity, pressure and temperature sensor, read from "BME280 Data sheet" (Bosch Sensortec, BST-BME280-DS002, revision 1.6):
 * I2C at 0x76 (SDO low) or 0x77, -40 to 85 °C, 300 to 1100 hPa, 0 to 100 %RH, raw values that the trimming words of each part turn
 * into units. Worst case conversion: 9.3 ms at oversampling 1, 112.8 ms at 16. No check bytes: `faults.badCrc` changes nothing.
 */
const ADDRESSES = [0x76, 0x77]
const CHIP_ID = 0x60

/** §5.3, table 18. */
const ID = 0xd0
const RESET = 0xe0
const RESET_WORD = 0xb6
const CTRL_HUM = 0xf2
const STATUS = 0xf3
const CTRL_MEAS = 0xf4
const CONFIG = 0xf5
const DATA = 0xf7
/** §5.4.4. */
const MEASURING = 0x08
/** §5.4.5: mode[1:0]; 01 and 10 are both forced. */
const NORMAL = 3

/** §1.1, table 1: start-up time 2 ms, from power-on or reset. */
const START_UP_US = 2_000
/** §5.4.3 to §5.4.5: osrs codes 1 to 5; 6 and 7 are as 5. */
const OVERSAMPLING = [0, 1, 2, 4, 8, 16, 16, 16]
/** §3.6: RMS noise 3.3 to 1.3 Pa, 0.005 to 0.002 °C and 0.07 to 0.02 %RH by oversampling, as shares of the first. */
const NOISE_OF = [0, 1, 0.8, 0.65, 0.5, 0.4, 0.4, 0.4]
/** §5.4.6, table 27: t_standby, ms, by config[7:5]. */
const STANDBY_MS = [0.5, 62.5, 125, 250, 500, 1000, 10, 20]
/** Filter coefficients by config[4:2] (§5.4.6, table 28). */
const FILTER = [1, 2, 4, 8, 16, 16, 16, 16]
/** What was before so many times the coefficient of measurements weighs under 0.1 %. */
const REMEMBERED = 7

/** §5.4.7 to §5.4.9: what stands in the registers after power-on, and where a measurement is skipped. */
const SKIPPED_20 = 0x80000
const SKIPPED_16 = 0x8000

/** Measuring takes up to 0.7 mA (§1.2 to §1.4): a module that never sleeps is about 1 °C too warm. Estimate. */
const MEASURING_RISE_C = 1

/** §1.1 to §1.4: asleep, in standby, and measuring (0.34 to 0.71 mA by quantity: their mean), typical, mA. */
const SLEEP_MA = 0.0001
const STANDBY_MA = 0.0002
const MEASURING_MA = 0.47

export class Bme280 extends AirPart {
  readonly part = "bme280"
  readonly calibration: Calibration
  private readonly words: Map<number, number>
  private readyUs = 0
  private pointer = 0
  private shadow: number[] = []
  private hum = { written: 0, used: 0 }
  private meas = 0
  private config = 0
  private raw = { pressure: SKIPPED_20, temperature: SKIPPED_20, humidity: SKIPPED_16 }
  private filter: { pressure?: number; temperature?: number } = {}
  /** The measurements under way; a forced one has no period. `ended` are those in `raw` already. */
  private running: { sinceUs: number; lengthUs: number; periodUs?: number; ended: number } | undefined

  constructor(place: PartPlace) {
    super(place, ADDRESSES)
    this.calibration = drawCalibration(place.random.split("calibration"))
    this.words = calibrationBytes(this.calibration)
    const { temperature, humidity, pressure } = this.air
    // §1.2, table 2: response time of humidity tau 63 % 1 s. The lag of the temperature is an estimate: the datasheet names none.
    Object.assign(temperature, { lagS: 2, noise: 0.005 })
    Object.assign(humidity, { lagS: 1, noise: 0.07 })
    pressure.noise = 0.033
  }

  /** Air pressure at the sensor; from the room until it is set by hand. */
  get pressureHpa(): number {
    return this.air.pressure.value
  }
  set pressureHpa(value: number) {
    this.air.pressure.value = value
  }

  override values(): Record<string, number> {
    return { ...super.values(), pressureHpa: round2(this.pressureHpa) }
  }

  protected reset(atUs: number): void {
    this.readyUs = atUs + START_UP_US
    this.hum = { written: 0, used: 0 }
    this.meas = this.config = 0
    this.raw = { pressure: SKIPPED_20, temperature: SKIPPED_20, humidity: SKIPPED_16 }
    this.filter = {}
    this.running = undefined
    this.air.heating.head(0, atUs)
  }

  /** §4.1: a burst read shows one moment, however long it takes. */
  protected begin(isRead: boolean, atUs: number): boolean {
    if (atUs < this.readyUs) return false
    this.settle(atUs)
    if (isRead) this.shadow = this.registers(atUs)
    return true
  }

  /** §6.2.1: pairs of register and value. */
  protected take(byte: number, index: number, atUs: number): boolean {
    if (index % 2 === 0) this.pointer = byte
    else this.write(byte, atUs)
    return true
  }

  /** §6.2.2: the register counts up. */
  protected give(index: number): number {
    return this.shadow[(this.pointer + index) & 255]
  }

  private write(value: number, atUs: number): void {
    if (this.pointer === RESET && value === RESET_WORD) this.reset(atUs)
    else if (this.pointer === CTRL_HUM) this.hum.written = value & 7
    else if (this.pointer === CTRL_MEAS) this.setMode(value, atUs)
    // §5.4.6: writes in normal mode "may be ignored".
    else if (this.pointer === CONFIG && (this.meas & 3) !== NORMAL) {
      this.config = value
      this.filter = {}
    }
  }

  private setMode(value: number, atUs: number): void {
    // §5.4.3: changes to ctrl_hum become effective after a write to ctrl_meas.
    this.hum.used = this.hum.written
    this.meas = value
    const lengthUs = this.lengthUs(this.conversionMs())
    const isNormal = (value & 3) === NORMAL
    const periodUs = lengthUs + STANDBY_MS[this.config >> 5] * 1000
    this.running = value & 3 ? { sinceUs: atUs, lengthUs, ended: 0, ...(isNormal && { periodUs }) } : undefined
    this.air.heating.head(isNormal ? (MEASURING_RISE_C * lengthUs) / periodUs : 0, atUs)
    if (this.running && !isNormal) this.air.heating.burst(MEASURING_RISE_C, lengthUs, atUs)
  }

  /** §9.1: typical and maximum. */
  private conversionMs(): [number, number] {
    const { t, p, h } = this.oversampling()
    const [times, more] = [OVERSAMPLING[t] + OVERSAMPLING[p] + OVERSAMPLING[h], (p ? 1 : 0) + (h ? 1 : 0)]
    return [1 + 2 * times + 0.5 * more, 1.25 + 2.3 * times + 0.575 * more]
  }

  private oversampling(): { t: number; p: number; h: number } {
    return { t: this.meas >> 5, p: (this.meas >> 2) & 7, h: this.hum.used }
  }

  /** Everything that has ended by now goes into the registers. */
  private settle(atUs: number): void {
    const { running } = this
    if (!running) return
    const { sinceUs, lengthUs, periodUs } = running
    const sinceFirstUs = atUs - sinceUs - lengthUs
    if (sinceFirstUs < 0) return
    const ended = periodUs ? Math.floor(sinceFirstUs / periodUs) + 1 : 1
    const coefficient = FILTER[(this.config >> 2) & 7]
    const kept = coefficient > 1 ? REMEMBERED * coefficient : 1
    const first = Math.max(running.ended, ended - kept)
    for (let i = first; i < ended; i++) this.convert(sinceUs + lengthUs + i * (periodUs ?? 0), i === ended - 1)
    running.ended = ended
    if (periodUs) return
    this.running = undefined
    this.meas &= ~3
  }

  private convert(atUs: number, isTold: boolean): void {
    const { t, p, h } = this.oversampling()
    const air = this.air.read(atUs, [NOISE_OF[t], NOISE_OF[h]])
    const hpa = this.air.pressure.read(atUs, 0, NOISE_OF[p])
    if (isTold) this.tell(atUs, "measures", { ...air, pressureHpa: hpa })
    const c = this.calibration
    const wantedC = Math.min(85, Math.max(-40, air.temperatureC))
    const temperature = invert((adc) => fineTemperature(c, adc) / 5120, wantedC, 0xfffff)
    const fine = fineTemperature(c, temperature)
    const pa = Math.min(110_000, Math.max(30_000, hpa * 100))
    // Counted down: the pressure falls while its raw value rises.
    const pressure = 0xfffff - invert((adc) => pressurePa(c, 0xfffff - adc, fine), pa, 0xfffff)
    const pct = Math.min(100, Math.max(0, air.humidityPct))
    this.raw = {
      temperature: t ? this.filtered("temperature", temperature, t) : SKIPPED_20,
      pressure: p ? this.filtered("pressure", pressure, p) : SKIPPED_20,
      humidity: h ? invert((adc) => humidityPct(c, adc, fine), pct, 0xffff) : SKIPPED_16,
    }
  }

  /** §3.4.4; §3.4.2 and §3.4.3: 16 + (osrs - 1) bits of resolution without the filter, 20 with it. */
  private filtered(name: "temperature" | "pressure", adc: number, oversampling: number): number {
    const coefficient = FILTER[(this.config >> 2) & 7]
    if (coefficient === 1) return adc & ~((1 << (5 - Math.min(5, oversampling))) - 1)
    const before = this.filter[name] ?? adc
    return Math.round((this.filter[name] = (before * (coefficient - 1) + adc) / coefficient))
  }

  protected drawMa(atUs: number): number {
    if (!this.running) return SLEEP_MA
    const { sinceUs, lengthUs, periodUs } = this.running
    if (!periodUs) return atUs < sinceUs + lengthUs ? MEASURING_MA : SLEEP_MA
    return STANDBY_MA + (MEASURING_MA - STANDBY_MA) * (lengthUs / periodUs)
  }

  private registers(atUs: number): number[] {
    const bytes: number[] = Array.from({ length: 256 }, (_, register) => this.words.get(register) ?? 0)
    const { pressure: p, temperature: t, humidity: h } = this.raw
    bytes[ID] = CHIP_ID
    bytes[CTRL_HUM] = this.hum.written
    bytes[STATUS] = this.isMeasuring(atUs) ? MEASURING : 0
    bytes[CTRL_MEAS] = this.meas
    bytes[CONFIG] = this.config
    const data = [p >> 12, p >> 4, p << 4, t >> 12, t >> 4, t << 4, h >> 8, h]
    data.forEach((byte, i) => (bytes[DATA + i] = byte & 255))
    return bytes
  }

  private isMeasuring(atUs: number): boolean {
    if (!this.running) return false
    const { sinceUs, lengthUs, periodUs = Infinity } = this.running
    return (atUs - sinceUs) % periodUs < lengthUs
  }
}
