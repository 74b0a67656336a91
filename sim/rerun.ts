import type { Clock } from "./clock/clock"
import type { Act } from "./history"

/** How many steps between two looks at the host's clock, as in Clock. */
const STEPS_PER_LOOK = 64

/** A run from the beginning, step by step: the clock's alarms as they come, and the acts where they were. */
export class Rerun<H> {
  private readonly pending: Act<H>[]

  constructor(
    private readonly clock: Clock,
    acts: readonly Act<H>[],
    private readonly perform: (act: Act<H>) => void,
  ) {
    this.pending = [...acts]
  }

  /** Steps until `isThere`, which is told when the next step is due. False when `mayGoOn` said no before. */
  until(isThere: (nextUs: number) => boolean, mayGoOn: () => boolean): boolean {
    for (let nextUs = this.nextUs(); nextUs < Infinity && !isThere(nextUs); nextUs = this.nextUs()) {
      this.step()
      if (this.clock.steps % STEPS_PER_LOOK === 0 && !mayGoOn()) return false
    }
    return true
  }

  /** The newest of `events` was just told: what listeners did then is done now. */
  onEvent(events: number): void {
    while (this.pending[0]?.event === events) this.again(this.pending.shift()!)
  }

  private nextUs(): number {
    return this.isActNext() ? this.pending[0].atUs : this.clock.nextAtUs()
  }

  private step(): void {
    if (!this.isActNext()) return this.clock.runNext()
    const act = this.pending.shift()!
    this.clock.nowUs = Math.max(this.clock.nowUs, act.atUs)
    this.again(act)
  }

  private isActNext(): boolean {
    const [act] = this.pending
    return act !== undefined && act.event === undefined && act.step === this.clock.steps
  }

  /** What threw then throws now; the caller has heard it. */
  private again(act: Act<H>): void {
    try {
      this.perform(act)
    } catch {
      return
    }
  }
}
