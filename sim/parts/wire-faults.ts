import { FLOAT, HIGH, LOW } from "../pins/net"
import type { Net } from "../pins/net"

/** A data wire that may touch ground or the supply. */
export class WireShort {
  private isLow = false
  private isHigh = false

  constructor(private readonly wire: Net) {}

  get toGround(): boolean {
    return this.isLow
  }
  set toGround(isOn: boolean) {
    this.isLow = isOn
    this.drive()
  }

  get toSupply(): boolean {
    return this.isHigh
  }
  set toSupply(isOn: boolean) {
    this.isHigh = isOn
    this.drive()
  }

  private drive(): void {
    this.wire.drive(this, this.isLow ? LOW : this.isHigh ? HIGH : FLOAT)
  }
}

/** What goes wrong with a part on one data wire. Each field may be set and taken back. */
export class WireFaults {
  private readonly short: WireShort
  private isMissing = false

  /** `onMissing` runs when the part goes or comes back: for one that drives its wire all the time. */
  constructor(
    wire: Net,
    private readonly onMissing: () => void = () => undefined,
  ) {
    this.short = new WireShort(wire)
  }

  /** Nobody answers: not wired, or dead. */
  get missing(): boolean {
    return this.isMissing
  }
  set missing(isOn: boolean) {
    this.isMissing = isOn
    this.onMissing()
  }

  /** The wire is shorted to ground. */
  get stuckLow(): boolean {
    return this.short.toGround
  }
  set stuckLow(isOn: boolean) {
    this.short.toGround = isOn
  }

  /** The wire is shorted to the supply. */
  get stuckHigh(): boolean {
    return this.short.toSupply
  }
  set stuckHigh(isOn: boolean) {
    this.short.toSupply = isOn
  }
}
