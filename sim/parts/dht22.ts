import type { Alarm } from "../clock/clock"
import type { Net } from "../pins/net"
import { FLOAT, HIGH, LOW, PULL_UP } from "../pins/net"
import { AirSense } from "./air"
import { Dht22Faults } from "./dht22-faults"
import { dht22Pulses, encodeDht22 } from "./dht22-frame"
import type { Dht22Timing } from "./dht22-frame"
import type { Part, PartPlace } from "./part"

/**
 * DHT22 / AM2302 humidity and temperature sensor, read from "Digital-output relative humidity & temperature
 * sensor/module AM2302" (Aosong): one open-drain wire with a pull-up (here: on the module), 40 bits per answer,
 * -40.0 to 80.0 °C and 0 to 100 %RH in steps of 0.1. Worst case answer: 5.4 ms.
 * An answer carries the conversion before this one: the value read after a change is the old one.
 */
const START_LOW_MIN_US = 800
const START_LOW_MAX_US = 20_000
/** "Don't send any instruction within one second" of power-on: the sensor is unstable and stays silent. */
const WARM_UP_US = 1_000_000
/** Asked again sooner, it repeats the value it has. */
const CONVERSION_US = 2_000_000
/** While it answers and while it waits: 1 to 1.5 mA and 40 to 50 uA (the same, electrical characteristics). */
const MEASURING_MA = 1.5
const STANDBY_MA = 0.05

export class Dht22 implements Part {
  readonly part = "dht22"
  readonly name: string
  /** "jitter" draws each edge between the datasheet's limits, by the seed. */
  timing: Dht22Timing = "jitter"
  /** What is wrong with it: `faults.missing = true`. */
  readonly faults: Dht22Faults
  /** Lag, noise, offset and drift: none unless they are set. */
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
    this.faults = new Dht22Faults(() => this.rest(), this.air)
  }

  /** What the air at the sensor is; from the room until it is set by hand. */
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
    this.convertedAtUs = this.place.clock.nowUs
    this.held = this.air.read(this.convertedAtUs)
  }

  private onEdge(level: 0 | 1): void {
    if (this.isAnswering) return
    const nowUs = this.place.clock.nowUs
    if (level === 0) this.fellAtUs = nowUs
    else if (this.fellAtUs >= 0) this.onStartPulse(nowUs - this.fellAtUs)
  }

  private onStartPulse(lowUs: number): void {
    this.fellAtUs = -1
    const nowUs = this.place.clock.nowUs
    if (nowUs - this.poweredAtUs < WARM_UP_US || this.faults.missing || this.isStuck()) return
    if (lowUs < START_LOW_MIN_US || lowUs > START_LOW_MAX_US) return this.place.tell(`ignores a start of ${lowUs} us`)
    this.answer()
    if (nowUs - this.convertedAtUs >= CONVERSION_US) this.convert()
  }

  private answer(): void {
    const bits = encodeDht22(this.held, this.faults)
    const pulses = dht22Pulses(bits, this.timing, this.place.random, this.faults.shortFrame)
    this.isAnswering = true
    this.place.tell("answers", {
      temperatureC: round1(this.held.temperatureC),
      humidityPct: round1(this.held.humidityPct),
    })
    this.sendPulse(pulses, 0)
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

  private isStuck(): boolean {
    return this.faults.stuckLow || this.faults.stuckHigh
  }

  /** What the wire is left to while the sensor has nothing to say. */
  private rest(): void {
    const isPowered = this.poweredAtUs !== Infinity
    this.data.drive(this, !isPowered ? FLOAT : this.faults.stuckLow ? LOW : this.faults.stuckHigh ? HIGH : PULL_UP)
  }
}

function round1(value: number): number {
  return Math.round(value * 10) / 10
}
