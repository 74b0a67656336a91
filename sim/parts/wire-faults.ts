import { FLOAT, HIGH, LOW } from "../pins/net"
import type { Net } from "../pins/net"

/** What goes wrong with a part on a data wire. Each field may be set and taken back; several may be set. */
export class WireFaults {
  static readonly texts = {
    missing: "nobody answers: not wired, or dead",
    stuckLow: "its data wire is shorted to ground",
    stuckHigh: "its data wire is shorted to the supply",
  }
  private isMissing = false
  private isStuckLow = false
  private isStuckHigh = false

  /** `onMissing` runs when the part goes or comes back: for one that drives its wire all the time. */
  constructor(
    protected readonly wire: Net,
    private readonly onMissing: () => void = () => undefined,
  ) {}

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
    return this.isStuckLow
  }
  set stuckLow(isOn: boolean) {
    this.isStuckLow = isOn
    this.short()
  }

  /** The wire is shorted to the supply. */
  get stuckHigh(): boolean {
    return this.isStuckHigh
  }
  set stuckHigh(isOn: boolean) {
    this.isStuckHigh = isOn
    this.short()
  }

  private short(): void {
    this.wire.drive(this, this.isStuckLow ? LOW : this.isStuckHigh ? HIGH : FLOAT)
  }
}
