import type { BusWire } from "../pins/bus-wire"
import type { OneWireTarget } from "./one-wire"
import {
  ONE_LOW_US,
  OneWireLine,
  READ_LOW_US,
  READ_SAMPLE_US,
  RESET_LOW_US,
  RESET_SAMPLE_US,
  SLOT_US,
  ZERO_LOW_US,
} from "./one-wire-line"
import { PRESENCE_US, PRESENCE_WAIT_US, ZERO_READ_LOW_US } from "./one-wire-wave"

/** A part looks at a written bit 15 to 60 us after its fall, typically after 30 (DS18B20 datasheet, "Write time slots"). */
const PART_SAMPLE_US = 30
/** t_SLOT: a fall that comes sooner belongs to the slot before. */
const PART_SLOT_US = 60
/** t_RSTL: a low of this length is a reset to every part. */
const PART_RESET_US = 480

/**
 * 1-Wire on a wire whose edges come late, never or too often: what parts hear follows from the falls and rises that reach them, and what
 * the master reads from the level at the instant at which it looks.
 */
export class SpoiltOneWireLine extends OneWireLine {
  private masterLevel: 0 | 1 = 1
  private lowFromUs: number | undefined
  private slotFromUs = -Infinity
  /** What the parts are about to do. */
  private readonly due: { atUs: number; run: () => void }[] = []
  private pulls = 0
  /** What a fall starts: a slot that the parts answer, or one that they listen to. */
  private isRead = false

  constructor(
    targets: OneWireTarget[],
    private readonly wire: BusWire,
    hasPullUp: boolean,
    atUs: number,
  ) {
    super(targets, { hasPullUp }, atUs)
  }

  override reset(): boolean {
    this.pulse(RESET_LOW_US)
    this.run(this.atUs + RESET_LOW_US + RESET_SAMPLE_US)
    const isPresent = this.wire.level === 0
    this.close(isPresent ? "R" : "r")
    return isPresent
  }

  override writeBit(bit: 0 | 1): void {
    this.isRead = false
    this.pulse(bit === 1 ? ONE_LOW_US : ZERO_LOW_US)
    this.close(bit === 1 ? "1" : "0")
  }

  override readBit(): 0 | 1 {
    this.isRead = true
    this.pulse(READ_LOW_US)
    this.run(this.atUs + READ_LOW_US + READ_SAMPLE_US)
    const bit = this.wire.level
    this.close(bit === 1 ? "h" : "l")
    return bit
  }

  private pulse(lowUs: number): void {
    this.run(this.atUs)
    this.pullMaster(0, this.atUs)
    this.run(this.atUs + lowUs)
    this.pullMaster(1, this.atUs + lowUs)
  }

  private close(slot: string): void {
    this.run(this.atUs + SLOT_US[slot])
    this.end(slot)
  }

  private pullMaster(level: 0 | 1, atUs: number): void {
    this.masterLevel = level
    this.drive(atUs)
  }

  private drive(atUs: number): void {
    this.wire.drive(this.pulls > 0 || !this.rises ? 0 : this.masterLevel, atUs)
  }

  /** The line pulled low by a part. */
  private pull(fromUs: number, lengthUs: number): void {
    this.plan(fromUs, () => {
      this.pulls++
      this.drive(fromUs)
    })
    this.plan(fromUs + lengthUs, () => {
      this.pulls--
      this.drive(fromUs + lengthUs)
    })
  }

  private plan(atUs: number, run: () => void): void {
    this.due.push({ atUs, run })
    this.due.sort((a, b) => a.atUs - b.atUs)
  }

  private run(untilUs: number): void {
    for (;;) {
      const dueUs = this.due[0]?.atUs ?? Infinity
      const wireUs = this.wire.nextUs()
      if (Math.min(dueUs, wireUs) > untilUs) return
      if (dueUs < wireUs) this.due.shift()!.run()
      else if (this.wire.step()) this.onEdge(this.wire.level, wireUs)
    }
  }

  private onEdge(level: 0 | 1, atUs: number): void {
    if (level === 0) return this.onFall(atUs)
    const lowUs = atUs - (this.lowFromUs ?? atUs)
    this.lowFromUs = undefined
    if (lowUs < PART_RESET_US) return
    const answers = this.targets.map((each) => each.onReset(Math.round(atUs)))
    if (answers.includes(true)) this.pull(atUs + PRESENCE_WAIT_US, PRESENCE_US)
    this.slotFromUs = atUs
  }

  private onFall(atUs: number): void {
    this.lowFromUs = atUs
    if (this.pulls > 0 || atUs - this.slotFromUs < PART_SLOT_US) return
    this.slotFromUs = atUs
    if (this.isRead) {
      const bits = this.targets.map((each) => each.onReadBit(Math.round(atUs)))
      if (bits.includes(0)) this.pull(atUs, ZERO_READ_LOW_US)
    } else this.plan(atUs + PART_SAMPLE_US, () => this.hear(Math.round(atUs)))
  }

  /** A low that goes on is the start of a reset pulse, and no bit. */
  private hear(atUs: number): void {
    const { level } = this.wire
    for (const each of this.targets) each.onWriteBit(level, atUs)
  }
}
