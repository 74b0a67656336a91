import type { Alarm, Clock } from "../../src/hal/clock"

/** A clock that only a test turns. Alarms ring at their exact time; ties ring in the order they were set. */
export class FakeClock implements Clock {
  private timeMs: number
  private isTurning = false
  private turn = 0
  private readonly pending: { atMs: number; turn: number; alarm: FakeAlarm }[] = []

  constructor(startMs = 0) {
    this.timeMs = startMs
  }

  nowMs = (): number => this.timeMs

  alarm = (run: () => void): Alarm => new FakeAlarm(this, run)

  /** Time of the next alarm, or undefined: what tests of keep-alive and backoff ask for. */
  nextInMs(): number | undefined {
    return this.pending.length ? this.pending[0]!.atMs - this.timeMs : undefined
  }

  advance(byMs: number): void {
    if (!(byMs >= 0)) throw new Error(`time cannot move by ${byMs} ms`)
    if (this.isTurning) throw new Error("the clock was turned from inside an alarm")
    this.isTurning = true
    try {
      this.ringUntil(this.timeMs + byMs)
    } finally {
      this.isTurning = false
    }
  }

  /** The chip was busy: time passes, nothing rings. */
  block(byMs: number): void {
    if (!(byMs >= 0)) throw new Error(`time cannot move by ${byMs} ms`)
    this.timeMs += byMs
  }

  private ringUntil(endMs: number): void {
    for (let rung = 0; this.pending.length && this.pending[0]!.atMs <= endMs; rung++) {
      if (rung > 100_000) throw new Error("alarms without end")
      const { atMs, alarm } = this.pending.shift()!
      this.timeMs = Math.max(this.timeMs, atMs)
      alarm.run()
    }
    this.timeMs = Math.max(this.timeMs, endMs)
  }

  /** For FakeAlarm alone. */
  schedule(alarm: FakeAlarm, inMs: number): void {
    if (!(inMs >= 0)) throw new Error(`an alarm was set to ${inMs} ms`)
    this.cancel(alarm)
    this.pending.push({ atMs: this.timeMs + inMs, turn: this.turn++, alarm })
    this.pending.sort((a, b) => a.atMs - b.atMs || a.turn - b.turn)
  }

  cancel(alarm: FakeAlarm): void {
    const at = this.pending.findIndex((entry) => entry.alarm === alarm)
    if (at >= 0) this.pending.splice(at, 1)
  }
}

class FakeAlarm implements Alarm {
  constructor(
    private readonly clock: FakeClock,
    readonly run: () => void,
  ) {}

  set(inMs: number): void {
    this.clock.schedule(this, inMs)
  }

  clear(): void {
    this.clock.cancel(this)
  }
}
