import { AirPart } from "./air-part"
import type { PartPlace } from "./part"
import { ticks, wordsWithCrc } from "./sensirion"
import type { Measurement } from "./sensirion"
import { STATUS_ALERT, Sht3xAlert } from "./sht3x-alert"

/**
 * SHT30, SHT31, SHT35 temperature and humidity sensors, read from "Datasheet SHT3x-DIS" (Sensirion, version 7): I2C at 0x44 (ADDR
 * low) or 0x45 (high), -45 to 130 °C and 0 to 100 %RH in 16 bits, a CRC behind each word. Worst case conversion: 15 ms.
 * Not simulated: the ALERT and nRESET pins, the general call reset.
 */
const ADDRESSES = [0x44, 0x45]

/** §2.2, table 4: power-up and soft reset, then measurement by repeatability; typical and maximum, ms. */
const POWER_UP_MS = [0.5, 1] as const
const SOFT_RESET_MS = [0.5, 1.5] as const
const HIGH = { ms: [12.5, 15], noise: [1, 1] } as const
/** §1, tables 1 and 2: repeatability 0.04, 0.08, 0.15 °C and 0.08, 0.15, 0.21 %RH (SHT31), three standard deviations. */
const MEDIUM = { ms: [4.5, 6], noise: [2, 1.9] } as const
const LOW = { ms: [2.5, 4], noise: [3.75, 2.6] } as const
type Repeatability = typeof HIGH | typeof MEDIUM | typeof LOW

/** §4.3, table 9: single shot. */
const SINGLE = new Map<number, [Repeatability, stretches: boolean]>([
  [0x2c06, [HIGH, true]],
  [0x2c0d, [MEDIUM, true]],
  [0x2c10, [LOW, true]],
  [0x2400, [HIGH, false]],
  [0x240b, [MEDIUM, false]],
  [0x2416, [LOW, false]],
])
/** §4.5, table 10: periodic, measurements per second; §4.7, table 12: ART, four per second. */
const PERIODIC = new Map<number, [Repeatability, perSecond: number]>([
  [0x2032, [HIGH, 0.5]],
  [0x2024, [MEDIUM, 0.5]],
  [0x202f, [LOW, 0.5]],
  [0x2130, [HIGH, 1]],
  [0x2126, [MEDIUM, 1]],
  [0x212d, [LOW, 1]],
  [0x2236, [HIGH, 2]],
  [0x2220, [MEDIUM, 2]],
  [0x222b, [LOW, 2]],
  [0x2334, [HIGH, 4]],
  [0x2322, [MEDIUM, 4]],
  [0x2329, [LOW, 4]],
  [0x2737, [HIGH, 10]],
  [0x2721, [MEDIUM, 10]],
  [0x272a, [LOW, 10]],
  [0x2b32, [HIGH, 4]],
])
/** §4.6, §4.8 to §4.11, tables 11, 13, 14, 16, 17 and 19. */
const FETCH = 0xe000
const BREAK = 0x3093
const SOFT_RESET = 0x30a2
const HEATER_ON = 0x306d
const HEATER_OFF = 0x3066
const READ_STATUS = 0xf32d
const CLEAR_STATUS = 0x3041

/** §4.11, table 18. */
const STATUS_HEATER = 0x2000
const STATUS_RESET = 0x0010
const STATUS_NOT_PROCESSED = 0x0002
const STATUS_CLEARED_BY_COMMAND = 0x8c10

/** §4: "a minimal waiting time of 1 ms is needed before another command can be received". */
const BETWEEN_COMMANDS_US = 1_000
/** §4.10: the heater warms by "a few degrees"; 13 mW at 3.3 V then make 0.23 K/mW. Measuring takes 0.6 mA (§2.1): 2 mW. Estimates. */
const HEATER_RISE_C = 3
const MEASURING_RISE_C = 0.46

/** §2.1, table 3: idle in single shot and in periodic mode, measuring; the heater's 13 mW at 3.3 V. Typical, mA. */
const IDLE_MA = 0.0002
const IDLE_PERIODIC_MA = 0.045
const MEASURING_MA = 0.6
const HEATER_MA = 4

export class Sht3x extends AirPart {
  readonly part = "sht3x"
  private command: number[] = []
  private status = 0
  private readyUs = 0
  private pending: Measurement | undefined
  private periodic: { sinceUs: number; periodUs: number; lengthUs: number; noise: [number, number] } | undefined
  private isFetching = false
  /** The newest periodic measurement that was looked at, and the newest that was fetched. */
  private newest: { index: number; bytes: number[] } | undefined
  private fetched = -1
  private readonly alert = new Sht3xAlert()
  private answer: number[] | undefined
  /** The answer was read, which empties the memory. */
  private isGiven = false
  private isStretching = false

  constructor(place: PartPlace) {
    super(place, ADDRESSES)
    const { temperature, humidity } = this.air
    // §1: response time tau 63 % over 2 s for temperature, 8 s for humidity.
    Object.assign(temperature, { lagS: 2, noise: 0.04 / 3 })
    Object.assign(humidity, { lagS: 8, noise: 0.08 / 3 })
  }

  protected reset(atUs: number): void {
    this.restart(atUs + this.lengthUs(POWER_UP_MS))
  }

  /** Only between a read's address and its data. */
  stretchUs(atUs: number): number {
    return this.isStretching && this.pending ? Math.max(0, this.pending.doneUs - atUs) : 0
  }

  protected begin(isRead: boolean, atUs: number): boolean {
    if (isRead) return this.beginRead(atUs)
    this.isStretching = false
    this.command = []
    return atUs >= this.readyUs && !(this.pending && atUs < this.pending.doneUs)
  }

  protected take(byte: number, _index: number, atUs: number): boolean {
    this.command.push(byte)
    const [high, low, ...data] = this.command
    const command = (high << 8) | low
    if (this.command.length === 2) this.execute(command, atUs)
    if (data.length === 3) this.status = this.alert.write(command, data, this.status)
    return this.command.length <= (this.alert.isWrite(command) ? 5 : 2)
  }

  protected give(index: number): number {
    if (this.pending) this.answer = this.measured(this.pending.doneUs, this.pending.noise)
    this.pending = undefined
    this.isStretching = false
    this.isGiven = true
    return this.answer?.[index] ?? 0xff
  }

  override onStop(atUs: number): void {
    super.onStop(atUs)
    this.isStretching = false
  }

  /** §4.4: without data the read header is not acknowledged, with stretching it is, and SCL held low. */
  private beginRead(atUs: number): boolean {
    if (this.pending) {
      this.isStretching = this.pending.stretches
      this.answer = undefined
      return this.isStretching || atUs >= this.pending.doneUs
    }
    if (this.isFetching) this.fetch(atUs)
    else if (this.isGiven) this.answer = undefined
    return this.answer !== undefined
  }

  private execute(command: number, atUs: number): void {
    this.readyUs = atUs + BETWEEN_COMMANDS_US
    this.answer = undefined
    this.isGiven = this.isFetching = false
    // Reading the status tells of the command before it.
    if (command !== READ_STATUS) this.status &= ~STATUS_NOT_PROCESSED
    if (!this.measure(command, atUs) && !this.order(command, atUs)) this.status |= STATUS_NOT_PROCESSED
  }

  private measure(command: number, atUs: number): boolean {
    const single = SINGLE.get(command)
    const periodic = PERIODIC.get(command)
    if (this.periodic || (!single && !periodic)) return false
    const [repeatability] = (single ?? periodic)!
    const lengthUs = this.lengthUs(repeatability.ms)
    const noise: [number, number] = [...repeatability.noise]
    if (single) {
      this.pending = { startUs: atUs, doneUs: atUs + lengthUs, noise, stretches: single[1] }
      this.air.heating.burst(MEASURING_RISE_C, lengthUs, atUs)
    } else {
      this.periodic = { sinceUs: atUs, periodUs: 1e6 / periodic![1], lengthUs, noise }
      this.fetched = -1
      this.newest = undefined
      this.heat(atUs)
    }
    return true
  }

  private order(command: number, atUs: number): boolean {
    if (command === FETCH) this.isFetching = this.periodic !== undefined
    else if (command === BREAK) this.periodic = undefined
    else if (command === SOFT_RESET) this.restart(atUs + this.lengthUs(SOFT_RESET_MS))
    else if (command === HEATER_ON) this.status |= STATUS_HEATER
    else if (command === HEATER_OFF) this.status &= ~STATUS_HEATER
    else if (command === READ_STATUS) this.readStatus(atUs)
    else if (command === CLEAR_STATUS) this.status &= ~STATUS_CLEARED_BY_COMMAND
    else if (this.alert.read(command) !== undefined) this.say(this.alert.read(command)!)
    else if (!this.alert.isWrite(command)) return false
    this.heat(atUs)
    return command !== FETCH || this.isFetching
  }

  private readStatus(atUs: number): void {
    this.look(atUs)
    this.say(this.status)
  }

  private say(word: number): void {
    this.answer = wordsWithCrc([word], this.faults.badCrc)
  }

  private restart(readyUs: number): void {
    this.readyUs = readyUs
    this.status = STATUS_ALERT | STATUS_RESET
    this.pending = this.periodic = this.answer = undefined
    this.isFetching = this.isStretching = false
    this.alert.reset()
  }

  /** §4.6: the newest measurement, which is gone from the memory once it was read. */
  private fetch(atUs: number): void {
    this.isFetching = false
    this.look(atUs)
    if (!this.newest || this.newest.index <= this.fetched) return
    this.fetched = this.newest.index
    this.answer = this.newest.bytes
  }

  /** What the periodic measurements have found by now. */
  private look(atUs: number): void {
    if (!this.periodic) return
    const { sinceUs, periodUs, lengthUs, noise } = this.periodic
    const index = Math.floor((atUs - sinceUs - lengthUs) / periodUs)
    if (index < 0 || index === this.newest?.index) return
    this.newest = { index, bytes: this.measured(sinceUs + index * periodUs + lengthUs, noise) }
  }

  /** §4.13: temperature first, in 2^16 - 1 steps of 175 °C from -45 °C, then humidity of 100 %RH. */
  private measured(atUs: number, noise: [number, number]): number[] {
    const { temperatureC, humidityPct } = this.air.read(atUs, noise)
    this.tell(atUs, "measures", { temperatureC, humidityPct })
    const words = { temperature: ticks(temperatureC, -45, 175), humidity: ticks(humidityPct, 0, 100) }
    if (this.periodic) this.status = this.alert.judge(words, this.status)
    return wordsWithCrc([words.temperature, words.humidity], this.faults.badCrc)
  }

  protected drawMa(atUs: number): number {
    const isMeasuring = this.pending !== undefined && atUs < this.pending.doneUs
    const share = this.periodic ? this.periodic.lengthUs / this.periodic.periodUs : isMeasuring ? 1 : 0
    const idleMa = this.periodic ? IDLE_PERIODIC_MA : IDLE_MA
    return idleMa + (MEASURING_MA - idleMa) * share + (this.status & STATUS_HEATER ? HEATER_MA : 0)
  }

  private heat(atUs: number): void {
    const share = this.periodic ? this.periodic.lengthUs / this.periodic.periodUs : 0
    this.air.heating.head((this.status & STATUS_HEATER ? HEATER_RISE_C : 0) + MEASURING_RISE_C * share, atUs)
  }
}
