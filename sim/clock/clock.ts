/** The one clock of a house: integer microseconds, alarms in time order, ties in order of creation (DESIGN.md). */
export interface Alarm {
  readonly atUs: number
  readonly order: number
  readonly run: () => void
  /** Place in the heap; -1 once it has fired or was cancelled. */
  slot: number
}

/** How many alarms run between two looks at the host's clock: 64 keep the look under 1 % of the work. */
const ALARMS_PER_LOOK = 64

export class Clock {
  nowUs = 0
  /** Alarms that were run, and acts from outside: where in a run this is, when many things happen at one instant. */
  steps = 0
  private heap: Alarm[] = []
  private created = 0

  /** Runs `run` at `atUs`, or now (but never inside this call) when that is past. */
  at(atUs: number, run: () => void): Alarm {
    const alarm = { atUs: Math.max(this.nowUs, Math.round(atUs)), order: this.created++, run, slot: this.heap.length }
    this.heap.push(alarm)
    this.rise(alarm)
    return alarm
  }

  after(deltaUs: number, run: () => void): Alarm {
    return this.at(this.nowUs + deltaUs, run)
  }

  /** May be called twice, and after the alarm fired. */
  cancel(alarm: Alarm | undefined): void {
    if (!alarm || alarm.slot < 0) return
    const slot = alarm.slot
    const last = this.heap.pop()!
    alarm.slot = -1
    if (last === alarm) return
    this.place(last, slot)
    this.rise(last)
    this.sink(last)
  }

  /** Infinity when nothing is planned. */
  nextAtUs(): number {
    return this.heap.length ? this.heap[0].atUs : Infinity
  }

  advance(deltaUs: number): void {
    this.runUntil(this.nowUs + deltaUs)
  }

  /**
   * Runs every alarm due up to and including `atUs`, then sets the time to `atUs`. `mayGoOn` is asked now and then;
   * when it says no, the time stays at the last alarm and the answer is false.
   */
  runUntil(atUs: number, mayGoOn: () => boolean = () => true): boolean {
    for (let ran = 1; this.nextAtUs() <= atUs; ran++) {
      this.runNext()
      if (ran % ALARMS_PER_LOOK === 0 && !mayGoOn()) return false
    }
    if (atUs > this.nowUs) this.nowUs = atUs
    return true
  }

  /** The next alarm, now. It leaves the heap before it runs, so that a terminated alarm leaves the heap whole. */
  runNext(): void {
    const alarm = this.heap[0]
    this.steps++
    this.cancel(alarm)
    this.nowUs = alarm.atUs
    alarm.run()
  }

  private rise(alarm: Alarm): void {
    while (alarm.slot > 0) {
      const parent = this.heap[(alarm.slot - 1) >> 1]
      if (isBefore(parent, alarm)) return
      this.swap(parent, alarm)
    }
  }

  private sink(alarm: Alarm): void {
    for (;;) {
      const left = this.heap[2 * alarm.slot + 1]
      const right = this.heap[2 * alarm.slot + 2]
      const child = right && isBefore(right, left) ? right : left
      if (!child || isBefore(alarm, child)) return
      this.swap(alarm, child)
    }
  }

  private swap(a: Alarm, b: Alarm): void {
    const slot = a.slot
    this.place(a, b.slot)
    this.place(b, slot)
  }

  private place(alarm: Alarm, slot: number): void {
    alarm.slot = slot
    this.heap[slot] = alarm
  }
}

function isBefore(a: Alarm, b: Alarm): boolean {
  return a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order)
}
