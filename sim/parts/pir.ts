import type { Alarm } from "../clock/clock"
import { FLOAT, HIGH, LOW } from "../pins/net"
import type { Net } from "../pins/net"
import { WireFaults } from "./wire-faults"
import type { Part, PartPlace } from "./part"

/**
 * HC-SR501 motion sensor, read from its makers' data sheets: output high (3.3 V) while there is motion and for the hold time after it,
 * then deaf for the block time. About a minute after power-on it is not itself, and the output may go high up to three times.
 * Options: `holdS` (0.3 to 200 by its trimmer), `retriggers` (jumper H, as delivered, or L: motion while it is high counts not).
 */
const WARM_UP_US = 60_000_000
const MAX_FALSE_PULSES = 3
const BLOCK_US = 2_500_000
/** Sheets differ: 0.3 s to 5 s at one end, 200 to 300 s at the other. */
const HOLD_S = 5
/** Below 65 uA at rest. */
const IDLE_MA = 0.065

export class Pir implements Part {
  readonly part = "pir"
  readonly name: string
  readonly faults: WireFaults
  private readonly place: PartPlace
  private readonly out: Net
  private readonly holdUs: number
  private readonly retriggers: boolean
  private alarms: Alarm[] = []
  private isPowered = false
  private isHigh = false
  private deafUntilUs = 0
  private fall: Alarm | undefined

  constructor(place: PartPlace) {
    this.place = place
    this.name = place.name
    this.out = place.net("out")
    this.faults = new WireFaults(this.out, () => this.drive())
    this.holdUs = Math.round(place.option("holdS", HOLD_S) * 1e6)
    this.retriggers = place.option("retriggers", true)
  }

  /** Somebody moves in front of it, once. */
  move(): void {
    const { nowUs } = this.place.clock
    if (!this.isPowered || this.faults.missing || nowUs < this.deafUntilUs) return
    if (!this.isHigh) this.rise()
    else if (this.retriggers) this.hold()
  }

  values(): Record<string, number> {
    return { motion: this.isHigh ? 1 : 0 }
  }

  currentMa(): number {
    return this.faults.missing ? 0 : IDLE_MA
  }

  powerOn(): void {
    const { clock, random } = this.place
    this.isPowered = true
    this.deafUntilUs = clock.nowUs + WARM_UP_US
    this.set(false)
    // Early enough for the last one to be over when the sensor has settled.
    const latestUs = Math.max(0, WARM_UP_US - this.holdUs)
    for (let pulses = random.below(MAX_FALSE_PULSES + 1); pulses > 0; pulses--)
      this.alarms.push(clock.after(Math.round(random.between(0, latestUs)), () => this.rise()))
  }

  powerOff(): void {
    this.isPowered = false
    for (const alarm of [...this.alarms, this.fall]) this.place.clock.cancel(alarm)
    this.alarms = []
    this.set(false)
  }

  private rise(): void {
    if (this.isHigh) return
    this.set(true)
    this.tell("sees motion")
    this.hold()
  }

  private hold(): void {
    this.place.clock.cancel(this.fall)
    this.fall = this.place.clock.after(this.holdUs, () => this.onHeld())
  }

  private onHeld(): void {
    this.set(false)
    this.deafUntilUs = Math.max(this.deafUntilUs, this.place.clock.nowUs + BLOCK_US)
    this.tell("sees no more motion")
  }

  private tell(what: string): void {
    if (!this.faults.missing) this.place.tell(what)
  }

  private set(isHigh: boolean): void {
    this.isHigh = isHigh
    this.drive()
  }

  private drive(): void {
    const isThere = this.isPowered && !this.faults.missing
    this.out.drive(this, !isThere ? FLOAT : this.isHigh ? HIGH : LOW)
  }
}
