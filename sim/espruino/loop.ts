import type { Alarm } from "../clock/clock"
import type { Interpreter } from "./interpreter"

/** One stage of the idle pass. `step` runs at most one callback and says whether it did. */
export interface Phase {
  /** The pass reaches this phase. */
  begin(): void
  step(): boolean
  /** When the next pass is wanted on its account; Infinity for never. */
  nextUs(): number
}

/** More callbacks in one pass than this, with no time passing, is a program that feeds itself: it never idles again. */
const MAX_STEPS = 10_000
/** Passes at one instant before a pass is charged its time on the chip (about 0.1 ms, an estimate). */
const FREE_PASSES = 20
const PASS_US = 100

/**
 * The chip's idle loop: pin events, then due timers, then sockets, then the event queue (jsiIdle in src/jsinteractive.c).
 * Callbacks take no house time, except that a blocking call stops the pass where it is until the block ends.
 */
export class Loop {
  private alarm: Alarm | undefined
  private index = 0
  private steps = 0
  private isInPass = false
  private passUs = -1
  private passesNow = 0
  private readonly run = () => this.pass()

  constructor(
    private readonly interpreter: Interpreter,
    private readonly phases: Phase[],
  ) {}

  /** A pass is wanted at `atUs`, or as soon as the chip is free. */
  wake(atUs = this.interpreter.machine.clock.nowUs): void {
    if (this.isInPass || !this.interpreter.isAlive) return
    const dueUs = Math.max(atUs, this.interpreter.localUs)
    if (this.alarm && this.alarm.slot >= 0 && this.alarm.atUs <= dueUs) return
    this.plan(dueUs)
  }

  /** After a pass that was ended from outside. */
  restart(): void {
    this.isInPass = false
    this.wake()
  }

  stop(): void {
    this.interpreter.machine.clock.cancel(this.alarm)
  }

  private plan(atUs: number): void {
    this.interpreter.machine.clock.cancel(this.alarm)
    this.alarm = this.interpreter.machine.clock.at(atUs, this.run)
  }

  private pass(): void {
    const { interpreter } = this
    if (!this.isInPass) this.beginPass()
    while (this.index < this.phases.length) {
      if (!interpreter.isAlive) return
      if (interpreter.isBusy()) return this.plan(interpreter.localUs)
      if (this.phases[this.index].step()) this.countStep()
      else if (++this.index < this.phases.length) this.phases[this.index].begin()
    }
    this.endPass()
  }

  private beginPass(): void {
    this.isInPass = true
    this.index = 0
    this.steps = 0
    this.phases[0].begin()
  }

  private countStep(): void {
    if (++this.steps > MAX_STEPS) this.interpreter.runaway(`${MAX_STEPS} callbacks without an idle moment`)
  }

  private endPass(): void {
    this.isInPass = false
    this.interpreter.checkErrors()
    let nextUs = Infinity
    for (const phase of this.phases) nextUs = Math.min(nextUs, phase.nextUs())
    if (nextUs === Infinity) return
    const { nowUs } = this.interpreter.machine.clock
    this.passesNow = this.passUs === nowUs ? this.passesNow + 1 : 0
    this.passUs = nowUs
    this.wake(this.passesNow > FREE_PASSES ? Math.max(nextUs, nowUs + PASS_US) : nextUs)
  }
}
