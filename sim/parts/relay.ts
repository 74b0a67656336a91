import { PULL_DOWN, FLOAT } from "../pins/net"
import type { Net } from "../pins/net"
import type { Part, PartPlace } from "./part"

/** Relay module, active high, with a pull-down at its input. Operate and release time 10 ms (SRD-05VDC-SL-C: 10 and 5 ms max). */
const OPERATE_US = 10_000
/** 5 V over 70 ohms (the same datasheet, coil data); the module's LED and transistor are left out. */
const COIL_MA = 71.4

export class Relay implements Part {
  readonly part = "relay"
  readonly name: string
  /** How often the contact has closed: relays wear out. */
  closings = 0
  private readonly place: PartPlace
  private readonly coil: Net
  private isPowered = false
  private isClosed = false

  constructor(place: PartPlace) {
    this.place = place
    this.name = place.name
    this.coil = place.net("coil")
    this.coil.onEdge(() => this.onCoil())
  }

  /** Where the contact is: 10 ms behind the coil. */
  get closed(): boolean {
    return this.isClosed
  }

  values(): Record<string, number> {
    return { closed: this.isClosed ? 1 : 0, closings: this.closings }
  }

  currentMa(): number {
    return this.coil.level === 1 ? COIL_MA : 0
  }

  powerOn(): void {
    this.isPowered = true
    this.coil.drive(this, PULL_DOWN)
    this.onCoil()
  }

  powerOff(): void {
    this.isPowered = false
    this.coil.drive(this, FLOAT)
    this.onCoil()
  }

  /** A pulse shorter than the operate time moves nothing. */
  private onCoil(): void {
    this.place.clock.after(OPERATE_US, () => {
      const isOn = this.isPowered && this.coil.level === 1
      if (isOn === this.isClosed) return
      this.isClosed = isOn
      if (isOn) this.closings++
      this.place.tell(isOn ? "closes" : "opens")
    })
  }
}
