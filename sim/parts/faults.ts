import { FLOAT, HIGH, LOW } from "../pins/net"
import type { Net } from "../pins/net"
import type { I2cWiring } from "../buses/i2c"

/** What the shared faults act on. */
export interface FaultWires {
  readonly sda: Net
  readonly i2c: I2cWiring
  onFrozen(isOn: boolean): void
  onDrift(perHour: number): void
}

/** Each field is one thing that goes wrong in the field; several may be set, and each may be taken back. */
export class I2cPartFaults {
  /** Nobody answers: not wired, or dead. */
  missing = false
  /** Check bytes are wrong. Nothing happens on a part that has none. */
  badCrc = false
  /** Bit to invert in each read message, 0 (first) on. */
  flipBit: number | undefined
  /** What `--fault` takes for those with a number. */
  static readonly limits = { flipBit: [0, 255], drift: [-1e6, 1e6] } as const
  /** Behind the accessors; one object, so that the names of the faults are those of the class's own fields. */
  private readonly now = { stuckLow: false, stuckHigh: false, frozen: false, drift: 0 }

  constructor(private readonly wires: FaultWires) {}

  /** SDA is shorted to ground. */
  get stuckLow(): boolean {
    return this.now.stuckLow
  }
  set stuckLow(isOn: boolean) {
    this.now.stuckLow = isOn
    this.short()
  }

  /** SDA is shorted to the supply. */
  get stuckHigh(): boolean {
    return this.now.stuckHigh
  }
  set stuckHigh(isOn: boolean) {
    this.now.stuckHigh = isOn
    this.short()
  }

  /** The part waits in the middle of a byte and holds SDA low, until it gets nine clocks or loses its power. */
  get holdsSda(): boolean {
    return this.wires.i2c.isHeld(this.wires.sda)
  }
  set holdsSda(isOn: boolean) {
    if (isOn) this.wires.i2c.hold(this.wires.sda)
    else this.wires.i2c.clear(this.wires.sda)
  }

  /** It goes on measuring and always finds what it found last. */
  get frozen(): boolean {
    return this.now.frozen
  }
  set frozen(isOn: boolean) {
    this.now.frozen = isOn
    this.wires.onFrozen(isOn)
  }

  /** What is added to the part's first value (°C, lx) per hour, from when this is set. */
  get drift(): number {
    return this.now.drift
  }
  set drift(perHour: number) {
    this.now.drift = perHour
    this.wires.onDrift(perHour)
  }

  private short(): void {
    this.wires.sda.drive(this, this.now.stuckLow ? LOW : this.now.stuckHigh ? HIGH : FLOAT)
  }
}
