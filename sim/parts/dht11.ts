import type { Alarm } from "../clock/clock"
import type { Net } from "../pins/net"
import { FLOAT, LOW, PULL_UP } from "../pins/net"
import { AirSense } from "./air"
import { Dht11Faults, encodeDht11 } from "./dht11-frame"
import { dht22Pulses } from "./dht22-frame"
import type { Dht22Timing } from "./dht22-frame"
import type { Part, PartPlace } from "./part"

/**
 * DHT11 humidity and temperature sensor, read from "DHT11 Humidity & Temperature Sensor" (D-Robotics, Aosong): the wire of a DHT22 with
 * 20 to 90 %RH and 0 to 50 °C in steps of 1 and a start of 18 ms at least. The sheet gives no limits for its edges: those of the
 * AM2302 hold its typical ones (80, 80, 50, 26 to 28 and 70 us). Worst case answer: 5.4 ms. It asks for 1 s between answers.
 */
const START_LOW_MIN_US = 18_000
/** The sheet names no longest; Aosong's later one has 30 ms. */
const START_LOW_MAX_US = 30_000
const WARM_UP_US = 1_000_000
const CONVERSION_US = 1_000_000
/** Measuring 0.5 to 2.5 mA, standby 100 to 150 uA. */
const MEASURING_MA = 2.5
const STANDBY_MA = 0.15
/** 6 to 30 s for temperature (tau 63 %), 6 to 15 s for humidity. */
const TEMPERATURE_LAG_S = 10
const HUMIDITY_LAG_S = 10

export class Dht11 implements Part {
  readonly part = "dht11"
  readonly name: string
  /** "jitter" draws each edge between the limits, by the seed. */
  timing: Dht22Timing = "jitter"
  readonly faults: Dht11Faults
  /** Lag, noise, offset and drift of what it feels. */
  readonly air: AirSense
  private readonly place: PartPlace
  private readonly data: Net
  private held = { temperatureC: 0, humidityPct: 0 }
  private convertedAtUs = 0
  private poweredAtUs = Infinity
  private fellAtUs = -1
  private isAnswering = false
  private pulse: Alarm | undefined

  constructor(place: PartPlace) {
    this.place = place
    this.name = place.name
    this.data = place.net("data")
    this.data.onEdge((level) => this.onEdge(level))
    this.air = new AirSense(place)
    this.air.temperature.lagS = TEMPERATURE_LAG_S
    this.air.humidity.lagS = HUMIDITY_LAG_S
    this.faults = new Dht11Faults(this.data, this.air)
  }

  /** What the air at the sensor is; from the room until it is set by hand. It follows late: `air`. */
  get temperatureC(): number {
    return this.air.temperature.value
  }
  set temperatureC(value: number) {
    this.air.temperature.value = value
  }
  /** The same for the humidity, 0 to 100. */
  get humidityPct(): number {
    return this.air.humidity.value
  }
  set humidityPct(value: number) {
    this.air.humidity.value = value
  }

  values(): Record<string, number> {
    const round1 = (value: number) => Math.round(value * 10) / 10
    return { temperatureC: round1(this.temperatureC), humidityPct: round1(this.humidityPct) }
  }

  currentMa(): number {
    return this.faults.missing ? 0 : this.isAnswering ? MEASURING_MA : STANDBY_MA
  }

  powerOn(): void {
    this.poweredAtUs = this.place.clock.nowUs
    this.convert()
    this.rest()
  }

  powerOff(): void {
    this.poweredAtUs = Infinity
    this.fellAtUs = -1
    this.isAnswering = false
    this.place.clock.cancel(this.pulse)
    this.rest()
  }

  private convert(): void {
    this.held = this.air.read(this.place.clock.nowUs)
    this.convertedAtUs = this.place.clock.nowUs
  }

  private onEdge(level: 0 | 1): void {
    if (this.isAnswering) return
    const { nowUs } = this.place.clock
    if (level === 0) this.fellAtUs = nowUs
    else if (this.fellAtUs >= 0) this.onStartPulse(nowUs - this.fellAtUs)
  }

  private onStartPulse(lowUs: number): void {
    this.fellAtUs = -1
    const { nowUs } = this.place.clock
    if (!(nowUs - this.poweredAtUs >= WARM_UP_US) || this.faults.missing) return
    if (this.faults.stuckLow || this.faults.stuckHigh) return
    if (lowUs < START_LOW_MIN_US || lowUs > START_LOW_MAX_US) return this.place.tell(`ignores a start of ${lowUs} us`)
    this.answer()
    if (nowUs - this.convertedAtUs >= CONVERSION_US) this.convert()
  }

  private answer(): void {
    const { timing, faults, place } = this
    this.isAnswering = true
    place.tell("answers", { ...this.held })
    this.sendPulse(dht22Pulses(encodeDht11(this.held, faults), timing, place.random, faults.shortFrame), 0)
  }

  /** Pulses alternate: even ones end in a fall, odd ones in a rise. */
  private sendPulse(pulsesUs: number[], index: number): void {
    if (index === pulsesUs.length) {
      this.isAnswering = false
      return this.rest()
    }
    this.pulse = this.place.clock.after(pulsesUs[index], () => {
      if (index % 2 === 0) this.data.drive(this, LOW)
      else this.rest()
      this.sendPulse(pulsesUs, index + 1)
    })
  }

  private rest(): void {
    this.data.drive(this, this.poweredAtUs === Infinity ? FLOAT : PULL_UP)
  }
}
