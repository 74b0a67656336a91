import { FLOAT } from "../pins/net"
import type { Drive, Net } from "../pins/net"
import { SUPPLY_VOLTS } from "../pins/voltage"
import { Sensed, SelfHeating } from "./air"
import type { Part, PartPlace } from "./part"
import { ofFelt } from "./sensor-faults"
import type { Felt } from "./sensor-faults"

/**
 * NTC thermistor and its series resistor between supply and ground, the pin at their middle. R = R25 e^(B (1/T - 1/T25)), which holds
 * within some 1 °C of a maker's table between 0 and 85 °C (Vishay NTCLE100E3: 10 kOhm, B25/85 3977 K; common beads 3950 K).
 * Options: `ohms` at 25 °C, `beta`, `seriesOhms`, `to` "ground" or "supply", the side of the thermistor.
 */
const T25_K = 298.15
const ZERO_C_K = 273.15
/** Dissipation factor in air, and thermal time constant: 2.2 mW/K and 1.2 s for a bare chip, more in epoxy (NTCLE100E3: 7 mW/K, 15 s). */
const DISSIPATION_MW_PER_K = 2.2
const LAG_S = 15
const BROKEN_OHMS = 1e9
const SHORTED_OHMS = 1

class NtcFaults extends ofFelt(Object) {
  static readonly limits = { drift: [-1000, 1000] }
  static override readonly texts = {
    ...super.texts,
    broken: "the thermistor's wire is off",
    shorted: "the thermistor's wires touch",
  }
  /** The thermistor's wire is off. */
  broken = false
  /** Its wires touch. */
  shorted = false

  constructor(readonly felt: () => Felt) {
    super()
  }
}

export class Ntc implements Part {
  readonly part = "ntc"
  readonly name: string
  /** Lag, offset and drift of what it feels. */
  readonly air: Sensed
  readonly heating = new SelfHeating()
  readonly faults: NtcFaults
  private readonly clock: PartPlace["clock"]
  private readonly signal: Net
  private readonly ohms: number
  private readonly beta: number
  private readonly seriesOhms: number
  private readonly isToGround: boolean
  private isPowered = false

  constructor(place: PartPlace) {
    this.name = place.name
    this.clock = place.clock
    this.signal = place.net("signal")
    this.ohms = place.option("ohms", 10_000)
    this.beta = place.option("beta", 3950)
    this.seriesOhms = place.option("seriesOhms", 10_000)
    this.isToGround = place.option("to", "ground") === "ground"
    this.air = new Sensed((atUs) => place.room.at(atUs).temperatureC, place.random.split("noise"), place.clock)
    this.air.lagS = LAG_S
    this.faults = new NtcFaults(() => this.air)
    this.signal.onSample((atUs) => this.isPowered && this.signal.drive(this, this.divider(atUs)))
  }

  /** What there is around it; from the room until it is set by hand. It follows late: `air.lagS`. */
  get temperatureC(): number {
    return this.air.value
  }
  set temperatureC(value: number) {
    this.air.value = value
  }

  values(): Record<string, number> {
    return {
      temperatureC: Math.round(this.temperatureC * 100) / 100,
      ohms: Math.round(this.resistanceAt(this.clock.nowUs)),
    }
  }

  /** Supply to ground through both. */
  currentMa(): number {
    return (SUPPLY_VOLTS * 1000) / (this.resistanceAt(this.clock.nowUs) + this.seriesOhms)
  }

  powerOn(): void {
    this.isPowered = true
    const powerMw = this.powerMw(this.resistanceAt(this.clock.nowUs))
    this.heating.head(powerMw / DISSIPATION_MW_PER_K, this.clock.nowUs)
    this.signal.drive(this, this.divider(this.clock.nowUs))
  }

  powerOff(): void {
    this.isPowered = false
    this.heating.reset()
    this.signal.drive(this, FLOAT)
  }

  private divider(atUs: number): Drive {
    const ohms = this.resistanceAt(atUs)
    if (this.isPowered) this.heating.head(this.powerMw(ohms) / DISSIPATION_MW_PER_K, atUs)
    const lower = this.isToGround ? ohms : this.seriesOhms
    const total = ohms + this.seriesOhms
    return { kind: "volts", volts: (SUPPLY_VOLTS * lower) / total, ohms: (ohms * this.seriesOhms) / total }
  }

  private resistanceAt(atUs: number): number {
    if (this.faults.broken) return BROKEN_OHMS
    if (this.faults.shorted) return SHORTED_OHMS
    const kelvin = this.air.read(atUs, this.heating.at(atUs), 0) + ZERO_C_K
    return this.ohms * Math.exp(this.beta * (1 / kelvin - 1 / T25_K))
  }

  /** In the thermistor alone. */
  private powerMw(ohms: number): number {
    const amperes = SUPPLY_VOLTS / (ohms + this.seriesOhms)
    return amperes * amperes * ohms * 1000
  }
}
