import type { Clock } from "../clock/clock"
import type { Random } from "../clock/random"
import { STANDARD_PRESSURE_HPA } from "../room"
import type { Air as RoomAir, Room } from "../room"

/**
 * How a sensor feels the room: late (first-order lag), warmed by itself, with noise, offset and drift. All is computed for the
 * instant that is asked about and needs no alarms, so a chip that runs ahead of the house's clock may ask about its own time.
 */
interface AirPlace {
  readonly clock: Clock
  readonly random: Random
  readonly room: Room
}

const HOUR_US = 3_600_000_000

/** Points of the past that stand for the room's history, each for an equal share of an exponential's weight. */
const LAG_POINTS = Array.from({ length: 8 }, (_, i) => -Math.log(1 - (i + 0.5) / 8))

/** One quantity as a sensor feels it. */
export class Sensed {
  /** Time constant: after it, 63 % of a step are felt (datasheets: tau 63 %). 0 follows at once. */
  lagS = 0
  /** Standard deviation of one reading. A datasheet's "repeatability" is three of them (Sensirion). */
  noise = 0
  /** What the part reads too high: accuracy, typical parts having none. */
  offset = 0
  /** By hand, from this instant on, over what was felt until then. */
  private byHand: { value: number; before: number; atUs: number } | undefined
  private driftPerHour = 0
  private driftsFromUs = 0
  private frozen: number | undefined

  constructor(
    private readonly world: (atUs: number) => number,
    private readonly random: Random,
    private readonly clock: Clock,
  ) {}

  /** What there is to be sensed; from the room until it is set by hand. */
  get value(): number {
    return this.byHand?.value ?? this.world(this.clock.nowUs)
  }
  set value(value: number) {
    const atUs = this.clock.nowUs
    // What is set before the house's clock turns has been so for long.
    this.byHand = { value, before: atUs === 0 ? value : this.felt(atUs), atUs }
  }

  /** Slow change of the offset, per hour from now on; 0 ends it and what it has added. */
  get drift(): number {
    return this.driftPerHour
  }
  set drift(perHour: number) {
    this.driftPerHour = perHour
    this.driftsFromUs = this.clock.nowUs
  }

  /** The value felt now stays, without noise. */
  get isFrozen(): boolean {
    return this.frozen !== undefined
  }
  set isFrozen(isOn: boolean) {
    if (isOn !== this.isFrozen) this.frozen = isOn ? this.shifted(this.clock.nowUs) : undefined
  }

  /** Behind the lag; without noise, offset and drift. */
  felt(atUs: number): number {
    if (this.byHand) {
      const { value, before, atUs: sinceUs } = this.byHand
      return this.lagS > 0 ? value + (before - value) * Math.exp((sinceUs - atUs) / 1e6 / this.lagS) : value
    }
    if (this.lagS <= 0) return this.world(atUs)
    const past = LAG_POINTS.map((share) => this.world(Math.max(0, atUs - share * this.lagS * 1e6)))
    return past.reduce((sum, value) => sum + value, 0) / past.length
  }

  /** One reading; `rise` is what the part itself adds. Draws noise, so only a conversion may ask. */
  read(atUs: number, rise = 0, noiseFactor = 1): number {
    if (this.frozen !== undefined) return this.frozen
    const noise = this.noise * noiseFactor
    return this.shifted(atUs) + rise + (noise > 0 ? noise * gaussian(this.random) : 0)
  }

  private shifted(atUs: number): number {
    return this.felt(atUs) + this.offset + (this.driftPerHour * Math.max(0, atUs - this.driftsFromUs)) / HOUR_US
  }
}

/** Standard normal (Box and Muller). */
function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}

/** How much warmer than its surroundings a part is. Between two changes of its power it follows an exponential. */
export class SelfHeating {
  /** Thermal time constant. Estimate: a sensor of 2.5 mm on a thin board. Infinity: no self-heating. */
  tauS = 4
  private riseC = 0
  private targetC = 0
  private sinceUs = 0
  private untilUs = Infinity

  at(atUs: number): number {
    const heated = (toUs: number) => this.targetC + (this.riseC - this.targetC) * this.left(toUs - this.sinceUs)
    return atUs <= this.untilUs ? heated(atUs) : heated(this.untilUs) * this.left(atUs - this.untilUs)
  }

  /** From `atUs` on the power is such that it would end `riseC` above its surroundings; off again at `untilUs`. */
  head(riseC: number, atUs: number, untilUs = Infinity): void {
    this.riseC = this.at(atUs)
    this.sinceUs = atUs
    this.targetC = riseC
    this.untilUs = untilUs
  }

  /** Power that would end at `riseC`, for so short a time that the rest of what happens is left as it is. */
  burst(riseC: number, lengthUs: number, atUs: number): void {
    this.head(atUs < this.untilUs ? this.targetC : 0, atUs, this.untilUs)
    this.riseC += (riseC * lengthUs) / 1e6 / this.tauS
  }

  reset(): void {
    this.riseC = this.targetC = 0
    this.untilUs = Infinity
  }

  private left(spanUs: number): number {
    return Math.exp(-Math.max(0, spanUs) / 1e6 / this.tauS)
  }
}

/** Temperature, humidity and pressure at one sensor. */
export class AirSense {
  readonly temperature: Sensed
  readonly humidity: Sensed
  readonly pressure: Sensed
  readonly heating = new SelfHeating()

  constructor({ clock, random, room }: AirPlace) {
    const sensed = (name: string, world: (air: RoomAir) => number) =>
      new Sensed((atUs) => world(room.at(atUs)), random.split(`noise of ${name}`), clock)
    this.temperature = sensed("temperature", (air) => air.temperatureC)
    this.humidity = sensed("humidity", (air) => air.humidityPct)
    this.pressure = sensed("pressure", (air) => air.pressureHpa ?? STANDARD_PRESSURE_HPA)
  }

  /**
   * One reading of both, with so many times the noise for temperature and humidity. Warmed air holds more water: at the sensor
   * it is drier than in the room.
   */
  read(atUs: number, [noiseT, noiseH] = [1, 1]): { temperatureC: number; humidityPct: number } {
    const riseC = this.heating.at(atUs)
    const airC = this.temperature.felt(atUs)
    const drier = this.humidity.felt(atUs) * (saturation(airC) / saturation(airC + riseC) - 1)
    return {
      temperatureC: this.temperature.read(atUs, riseC, noiseT),
      humidityPct: this.humidity.read(atUs, drier, noiseH),
    }
  }

  /** All three keep the value they have now. */
  get isFrozen(): boolean {
    return this.temperature.isFrozen
  }
  set isFrozen(isOn: boolean) {
    for (const sensed of [this.temperature, this.humidity, this.pressure]) sensed.isFrozen = isOn
  }

  /** Of the temperature, °C per hour. */
  get drift(): number {
    return this.temperature.drift
  }
  set drift(perHour: number) {
    this.temperature.drift = perHour
  }
}

/** Pressure of saturated vapour over water, relative: Magnus formula (WMO-No. 8, annex 4.B: 17.62 and 243.12 °C). */
function saturation(temperatureC: number): number {
  return Math.exp((17.62 * temperatureC) / (243.12 + temperatureC))
}
