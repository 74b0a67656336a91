/** One wire. Whatever is connected to it drives it, and everybody who listens hears its edges. */
export type Drive =
  | { kind: "float" }
  | { kind: "pull"; level: 0 | 1 }
  | { kind: "strong"; level: 0 | 1 }
  | { kind: "pwm"; duty: number; frequencyHz: number }

export const FLOAT: Drive = { kind: "float" }
export const PULL_UP: Drive = { kind: "pull", level: 1 }
export const PULL_DOWN: Drive = { kind: "pull", level: 0 }
export const LOW: Drive = { kind: "strong", level: 0 }
export const HIGH: Drive = { kind: "strong", level: 1 }

export interface Pwm {
  /** 0 (always low) to 1 (always high). */
  duty: number
  frequencyHz: number
}

export type NetState = "high" | "low" | "float" | "conflict" | "pwm"

export class Net {
  readonly name: string
  level: 0 | 1 = 0
  state: NetState = "float"
  pwm: Pwm | undefined
  private readonly drives = new Map<object, Drive>()
  private readonly edgeListeners: ((level: 0 | 1) => void)[] = []
  private readonly pwmListeners: ((pwm: Pwm | undefined) => void)[] = []
  private readonly conflictListeners: (() => void)[] = []

  constructor(name: string) {
    this.name = name
  }

  /** `who` drives the wire this way until it says otherwise. Open drain is LOW or FLOAT (or PULL_UP). */
  drive(who: object, drive: Drive): void {
    if (this.drives.get(who) === drive) return
    this.drives.set(who, drive)
    this.resolve()
  }

  onEdge(listener: (level: 0 | 1) => void): void {
    this.edgeListeners.push(listener)
  }

  onPwm(listener: (pwm: Pwm | undefined) => void): void {
    this.pwmListeners.push(listener)
  }

  onConflict(listener: () => void): void {
    this.conflictListeners.push(listener)
  }

  /** Strong beats pull; two strong and different ones are a short circuit, which reads low; nothing at all reads low. */
  private resolve(): void {
    let strong: 0 | 1 | undefined
    let pull: 0 | 1 | undefined
    let pwm: Pwm | undefined
    let conflict = false
    for (const drive of this.drives.values()) {
      if (drive.kind === "pwm") pwm = drive
      else if (drive.kind === "pull") pull = pull === undefined ? drive.level : pull | drive.level ? 1 : 0
      else if (drive.kind === "strong") {
        conflict ||= strong !== undefined && strong !== drive.level
        strong = strong === 0 ? 0 : drive.level
      }
    }
    conflict ||= pwm !== undefined && strong !== undefined
    this.settle(strong, pull, strong === undefined ? pwm : undefined, conflict)
  }

  private settle(strong: 0 | 1 | undefined, pull: 0 | 1 | undefined, pwm: Pwm | undefined, conflict: boolean): void {
    // The edges of a 5 kHz square wave are no events (10,000 a second): a PWM net reads by its mean level.
    const level = strong ?? (pwm ? (pwm.duty >= 0.5 ? 1 : 0) : (pull ?? 0))
    const wasConflict = this.state === "conflict"
    const floats = strong === undefined && pull === undefined
    this.state = conflict ? "conflict" : pwm ? "pwm" : floats ? "float" : level ? "high" : "low"
    if (conflict && !wasConflict) for (const listener of this.conflictListeners) listener()
    if (pwm?.duty !== this.pwm?.duty || pwm?.frequencyHz !== this.pwm?.frequencyHz) this.setPwm(pwm)
    if (level !== this.level) this.setLevel(level)
  }

  private setPwm(pwm: Pwm | undefined): void {
    this.pwm = pwm && { duty: pwm.duty, frequencyHz: pwm.frequencyHz }
    for (const listener of this.pwmListeners) listener(this.pwm)
  }

  private setLevel(level: 0 | 1): void {
    this.level = level
    for (const listener of this.edgeListeners) listener(level)
  }
}
