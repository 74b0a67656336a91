import type { I2cTarget } from "./i2c"

/** "idle" is everything that does not concern the parts: between messages, and after an address that none of them has. */
type Listening = "idle" | "address" | "write" | "read"

/** The parts on a bus, as edges reach them: what they take for START, bits and STOP follows from the two lines alone. */
export class I2cFarEnd {
  isPulling = false
  private listening: Listening = "idle"
  private meant: I2cTarget[] = []
  /** Clocks since the byte's beginning. */
  private clocks = 0
  private byte = 0
  private isAcked = false

  constructor(
    private readonly targets: I2cTarget[],
    /** SDA, low or let go. */
    private readonly onPull: (atUs: number) => void,
  ) {}

  onSda(level: 0 | 1, scl: 0 | 1, atUs: number): void {
    if (scl === 0) return
    this.pull(false, atUs)
    if (level === 1) this.targets.forEach((target) => target.onStop(Math.round(atUs)))
    this.begin(level === 0 ? "address" : "idle")
  }

  onScl(level: 0 | 1, sda: 0 | 1, atUs: number): void {
    if (this.listening === "idle") return
    if (level === 1) this.onClock(sda)
    else this.onClockEnd(atUs)
  }

  /** How long the parts want to hold SCL before the acknowledge of what they got. */
  stretchUs(atUs: number): number {
    return Math.max(0, ...this.meant.map((target) => target.stretchUs?.(Math.round(atUs)) ?? 0))
  }

  private begin(listening: Listening): void {
    this.listening = listening
    this.clocks = 0
    this.byte = listening === "read" ? this.byte : 0
    if (listening === "address") this.meant = []
  }

  private onClock(sda: 0 | 1): void {
    this.clocks++
    if (this.clocks === 9) this.isAcked = sda === 0
    else if (this.listening !== "read") this.byte = (this.byte << 1) | sda
  }

  private onClockEnd(atUs: number): void {
    if (this.clocks === 9) this.next(atUs)
    else if (this.listening === "read") this.pull(this.clocks < 8 && !((this.byte >> (7 - this.clocks)) & 1), atUs)
    else if (this.clocks === 8) this.pull(this.take(Math.round(atUs)), atUs)
  }

  /** True acknowledges. */
  private take(atUs: number): boolean {
    if (this.listening === "write") return this.meant.filter((target) => target.onWrite(this.byte, atUs)).length > 0
    this.meant = this.targets.filter((target) => target.onStart(this.byte >> 1, (this.byte & 1) === 1, atUs))
    return this.meant.length > 0
  }

  private next(atUs: number): void {
    this.pull(false, atUs)
    const isRead = this.listening === "read" || (this.listening === "address" && (this.byte & 1) === 1)
    const goesOn = isRead ? this.isAcked && this.meant.length > 0 : this.meant.length > 0
    if (goesOn && isRead) this.load(atUs)
    this.begin(goesOn ? (isRead ? "read" : "write") : "idle")
  }

  private load(atUs: number): void {
    this.byte = this.meant.reduce((wired, target) => wired & target.onRead(Math.round(atUs)), 0xff)
    this.pull(!(this.byte & 0x80), atUs)
  }

  private pull(isLow: boolean, atUs: number): void {
    if (isLow === this.isPulling) return
    this.isPulling = isLow
    this.onPull(atUs)
  }
}
