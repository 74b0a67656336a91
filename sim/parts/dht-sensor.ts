import { AirSense } from "./air"
import { DhtFaults } from "./dht-faults"
import { DhtLine } from "./dht-line"
import type { Dht22Timing } from "./dht22-frame"
import { inAir } from "./in-air"
import type { Part, PartPlace } from "./part"

interface DhtFacts {
  /** Shortest and longest start pulse that is answered. */
  readonly startUs: readonly [number, number]
  /** Asked again sooner, it repeats the value it has. */
  readonly conversionUs: number
  /** While it answers and while it waits. */
  readonly measuringMa: number
  readonly standbyMa: number
  /** 40 bits, with the faults that spoil them. */
  encode(air: { temperatureC: number; humidityPct: number }, faults: DhtFaults): number[]
}

/** What DHT11 and DHT22 have in common. An answer carries the conversion before it: the value read after a change is the old one. */
export abstract class DhtSensor extends inAir(Object) implements Part {
  abstract readonly part: string
  readonly name: string
  /** What is wrong with it: `faults.missing = true`. */
  readonly faults: DhtFaults
  readonly air: AirSense
  private readonly line: DhtLine
  private held = { temperatureC: 0, humidityPct: 0 }
  private convertedAtUs = 0

  constructor(
    private readonly place: PartPlace,
    private readonly facts: DhtFacts,
  ) {
    super()
    this.name = place.name
    const data = place.net("data")
    this.line = new DhtLine(place, data, facts.startUs, () => this.answer())
    this.air = new AirSense(place)
    this.faults = new DhtFaults(data, () => this.air)
  }

  /** "jitter" draws each edge between the datasheet's limits, by the seed. */
  get timing(): Dht22Timing {
    return this.line.timing
  }
  set timing(timing: Dht22Timing) {
    this.line.timing = timing
  }

  values(): Record<string, number> {
    return rounded(this)
  }

  currentMa(): number {
    if (this.faults.missing) return 0
    return this.line.isAnswering ? this.facts.measuringMa : this.facts.standbyMa
  }

  powerOn(): void {
    this.convert()
    this.line.powerOn()
  }

  powerOff(): void {
    this.line.powerOff()
  }

  private convert(): void {
    this.convertedAtUs = this.place.clock.nowUs
    this.held = this.air.read(this.convertedAtUs)
  }

  private answer(): number[] | undefined {
    const { faults, held, place } = this
    if (faults.missing || faults.stuckLow || faults.stuckHigh) return undefined
    place.tell("answers", rounded(held))
    const bits = this.facts.encode(held, faults).slice(0, faults.shortFrame)
    if (place.clock.nowUs - this.convertedAtUs >= this.facts.conversionUs) this.convert()
    return bits
  }
}

function rounded(air: { temperatureC: number; humidityPct: number }): Record<string, number> {
  const round1 = (value: number) => Math.round(value * 10) / 10
  return { temperatureC: round1(air.temperatureC), humidityPct: round1(air.humidityPct) }
}
