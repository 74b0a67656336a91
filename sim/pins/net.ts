import type { Change } from "./bus-wire"
import { levelOf, voltageOf } from "./voltage"

/** One wire. Whatever is connected to it drives it, and everybody who listens hears its edges. */
export type Drive =
  | { kind: "float" }
  | { kind: "pull"; level: 0 | 1 }
  | { kind: "strong"; level: 0 | 1 }
  | { kind: "pwm"; duty: number; frequencyHz: number }
  /** A voltage behind a resistance: what sensors and dividers give. */
  | { kind: "volts"; volts: number; ohms: number }

export const FLOAT: Drive = { kind: "float" }
export const PULL_UP: Drive = { kind: "pull", level: 1 }
export const PULL_DOWN: Drive = { kind: "pull", level: 0 }
export const LOW: Drive = { kind: "strong", level: 0 }
export const HIGH: Drive = { kind: "strong", level: 1 }

interface Pwm {
  /** 0 (always low) to 1 (always high). */
  duty: number
  frequencyHz: number
}

export type NetState = "high" | "low" | "float" | "conflict" | "pwm"

/** Something wrong with the wire itself (sim/faults/wire.ts); several may be at once. */
export interface Disturbance {
  /** Shorted to ground or to the supply, whatever drives it. */
  readonly held?: 0 | 1
  /** Broken between the chip and the rest. */
  readonly isOpen?: boolean
  /** The wire is to take this level: calls `show` with what it takes, at once, later or never. */
  onLevel?(level: 0 | 1, show: (level: 0 | 1) => void): void
  /** The same for a bus that is ahead of the house's clock: what one change becomes, in order of time. */
  changes?(change: Change): Change[]
  /** The other level from one instant to another, whatever is driven. */
  readonly spike?: Spike
}

interface Spike {
  readonly fromUs: number
  readonly untilUs: number
}

export class Net {
  readonly name: string
  /** As it is seen: disturbances included. */
  level: 0 | 1 = 0
  state: NetState = "float"
  pwm: Pwm | undefined
  private readonly drives = new Map<object, Drive>()
  private readonly edgeListeners: ((level: 0 | 1) => void)[] = []
  private readonly pwmListeners: ((pwm: Pwm | undefined) => void)[] = []
  private readonly conflictListeners: (() => void)[] = []
  private readonly sampleListeners: ((atUs: number) => void)[] = []
  private disturbances: readonly Disturbance[] = []
  private foreseen: readonly Spike[] = []
  /** What those who drive it would make it. */
  private drivenLevel: 0 | 1 = 0

  /** `chip` is who drives the near end: what is left to it, and what is not, when the wire breaks. */
  constructor(
    name: string,
    private readonly chip?: object,
  ) {
    this.name = name
  }

  /** `who` drives the wire this way until it says otherwise. Open drain is LOW or FLOAT (or PULL_UP). */
  drive(who: object, drive: Drive): void {
    if (this.drives.get(who) === drive) return
    this.drives.set(who, drive)
    this.resolve()
  }

  /** Somebody drives it high without a resistor: no open-drain output can pull it low. */
  get isForcedHigh(): boolean {
    if (this.held !== undefined) return this.held === 1
    return [...this.drives.values()].some((drive) => drive.kind === "strong" && drive.level === 1)
  }

  /** Broken between the chip and the parts. */
  get isOpen(): boolean {
    return this.disturbances.some((each) => each.isOpen)
  }

  /** Neither broken nor shorted: what one end sends the other gets. */
  get isWhole(): boolean {
    return this.held === undefined && !this.isOpen
  }

  /** From now on until the result is called. */
  disturb(disturbance: Disturbance): () => void {
    this.disturbances = [...this.disturbances, disturbance]
    this.reconsider()
    return () => {
      this.disturbances = this.disturbances.filter((each) => each !== disturbance)
      this.reconsider()
    }
  }

  /** A spike still to come: a bus that is ahead of the clock meets it now. Until the result is called. */
  foresee(spike: Spike): () => void {
    this.foreseen = [...this.foreseen, spike]
    return () => void (this.foreseen = this.foreseen.filter((each) => each !== spike))
  }

  /** Between two instants. */
  spikes(fromUs: number, untilUs: number): Spike[] {
    const all = [...this.foreseen, ...this.disturbances.flatMap(({ spike }) => spike ?? [])]
    return all.filter((spike) => spike.untilUs > fromUs && spike.fromUs < untilUs)
  }

  /** Edges on it do not arrive as they are sent, at once or before long: a bus has to look bit by bit. */
  isSpoilt(fromUs: number, untilUs: number): boolean {
    if (!this.disturbances.length && !this.foreseen.length) return false
    return this.disturbances.some((each) => each.changes) || this.spikes(fromUs, untilUs).length > 0
  }

  /** What becomes of one change, in order of time, as long as no other follows. */
  changes(change: Change): Change[] {
    let all = [change]
    for (const each of this.disturbances) {
      if (!each.changes) continue
      const shaped = all.map((one) => each.changes!(one))
      all = shaped.flatMap((made, i) => made.filter(({ atUs }) => atUs < (all[i + 1]?.atUs ?? Infinity)))
    }
    return all
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

  /** Somebody is about to measure, at the chip's own time: whose voltage follows the world drives it anew. */
  onSample(listener: (atUs: number) => void): void {
    this.sampleListeners.push(listener)
  }

  /** Volts against ground at this instant; undefined when nothing drives the wire. */
  sample(atUs: number): number | undefined {
    for (const listener of this.sampleListeners) listener(atUs)
    if (this.held !== undefined) return voltageOf([{ kind: "strong", level: this.held }])
    return voltageOf(this.reaching())
  }

  /** What all the others make of the wire, for a master that pulls it low by turns: a hard level, a pull-up of theirs. */
  seenFrom(who: object): { held: 0 | 1 | undefined; hasPullUp: boolean; isOpen: boolean } {
    const others = [...this.drives].filter(([each]) => each !== who).map(([, drive]) => drive)
    const strong = (level: 0 | 1) => others.some((drive) => drive.kind === "strong" && drive.level === level)
    return {
      held: this.held ?? (strong(0) ? 0 : strong(1) ? 1 : undefined),
      hasPullUp: others.some((drive) => drive.kind === "pull" && drive.level === 1),
      isOpen: this.isOpen,
    }
  }

  /** Strong beats pull; two strong and different ones are a short circuit, which reads low; nothing at all reads low. */
  private resolve(): void {
    let strong: 0 | 1 | undefined
    let pull: 0 | 1 | undefined
    let pwm: Pwm | undefined
    let conflict = false
    let hasVolts = false
    for (const drive of this.reaching()) {
      if (drive.kind === "pwm") pwm = drive
      else if (drive.kind === "volts") hasVolts = true
      else if (drive.kind === "pull") pull = pull === undefined ? drive.level : pull | drive.level ? 1 : 0
      else if (drive.kind === "strong") {
        conflict ||= strong !== undefined && strong !== drive.level
        strong = strong === 0 ? 0 : drive.level
      }
    }
    conflict ||= pwm !== undefined && strong !== undefined
    if (hasVolts) pull = levelOf(voltageOf(this.reaching())!, this.drivenLevel)
    this.settle(strong, pull, strong === undefined ? pwm : undefined, conflict)
  }

  private settle(strong: 0 | 1 | undefined, pull: 0 | 1 | undefined, pwm: Pwm | undefined, conflict: boolean): void {
    const { held } = this
    if (held !== undefined) {
      conflict ||= pwm !== undefined || (strong !== undefined && strong !== held)
      strong = held
      pwm = undefined
    }
    // The edges of a 5 kHz square wave are no events (10,000 a second): a PWM net reads by its mean level.
    const level = strong ?? (pwm ? (pwm.duty >= 0.5 ? 1 : 0) : (pull ?? 0))
    const wasConflict = this.state === "conflict"
    const floats = strong === undefined && pull === undefined
    this.state = conflict ? "conflict" : pwm ? "pwm" : floats ? "float" : level ? "high" : "low"
    if (conflict && !wasConflict) for (const listener of this.conflictListeners) listener()
    if (pwm?.duty !== this.pwm?.duty || pwm?.frequencyHz !== this.pwm?.frequencyHz) this.setPwm(pwm)
    if (level === this.drivenLevel) return
    this.drivenLevel = level
    this.pass(level, 0)
  }

  private get held(): 0 | 1 | undefined {
    return this.disturbances.find((each) => each.held !== undefined)?.held
  }

  private reaching(): Iterable<Drive> {
    return this.isOpen ? this.farEnd() : this.drives.values()
  }

  /** Of a broken wire the end that somebody looks at: the parts' while the chip drives it, and the chip's otherwise. */
  private farEnd(): Drive[] {
    const near = this.drives.get(this.chip!) ?? FLOAT
    if (near.kind === "float" || near.kind === "pull") return [near]
    return [...this.drives].filter(([who]) => who !== this.chip).map(([, drive]) => drive)
  }

  private reconsider(): void {
    const before = this.drivenLevel
    this.resolve()
    if (this.drivenLevel === before) this.pass(before, 0)
  }

  /** Through the disturbances one by one, and then it is seen. */
  private pass(level: 0 | 1, from: number): void {
    const index = this.disturbances.findIndex((each, i) => i >= from && each.onLevel)
    if (index < 0) {
      if (level !== this.level) this.setLevel(level)
      return
    }
    const by = this.disturbances[index]
    // One that was taken away says no more.
    by.onLevel!(level, (shown) => this.disturbances.includes(by) && this.pass(shown, this.disturbances.indexOf(by) + 1))
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
