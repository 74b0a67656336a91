import type { Chip } from "../hal/chip"
import type { Alarm, Clock } from "../hal/clock"

export interface Loop extends Clock {
  /** Runs `run` as soon as the current callback is over and then every `periodMs`, without drift. */
  every(periodMs: number, run: () => void): void
}

/** The timer comes back after this even if nothing is due: a handler that was lost is made good within a second. */
const FALLBACK_MS = 1000
/** The due time of an alarm that is not set. */
const OFF = -1

/**
 * The one timer of a program (DESIGN.md, D12). Every alarm hangs on it; it re-arms itself before it runs anything, so that
 * neither an exception nor exhausted memory in an alarm can unhook it.
 */
export function createLoop(chip: Chip): Loop {
  const alarms: LoopAlarm[] = []
  let timer = 0
  let wakeMs = Infinity
  /** The alarm that ran last. A tick goes on behind it: one that throws each time must not keep those behind it waiting. */
  let turn = 0

  class LoopAlarm implements Alarm {
    _dueMs: number
    /** 0 for an alarm that rings once. */
    _periodMs: number

    constructor(readonly _run: () => void) {
      this._dueMs = OFF
      this._periodMs = 0
      alarms.push(this)
    }

    set(inMs: number): void {
      this._dueMs = chip.nowMs() + inMs
      pull(this)
    }

    clear(): void {
      this._dueMs = OFF
    }
  }

  function arm(inMs: number): void {
    if (timer) chip.disarm(timer)
    wakeMs = chip.nowMs() + inMs
    timer = chip.arm(tick, inMs)
  }

  /** Moves the timer forward when `alarm` is due before it. */
  function pull(alarm: LoopAlarm): void {
    if (alarm._dueMs >= 0 && alarm._dueMs < wakeMs) arm(Math.max(0, alarm._dueMs - chip.nowMs()))
  }

  function tick(): void {
    timer = 0
    arm(FALLBACK_MS)
    const nowMs = chip.nowMs()
    for (let left = alarms.length; left; left--) {
      turn = (turn + 1) % alarms.length
      const alarm = alarms[turn]!
      if (alarm._dueMs < 0 || alarm._dueMs > nowMs) continue
      // Turns missed while the chip was blocked are made up by one, not in a burst.
      alarm._dueMs = alarm._periodMs ? Math.max(alarm._dueMs + alarm._periodMs, nowMs) : OFF
      alarm._run()
    }
    alarms.forEach(pull)
  }

  // Where memory ran out before the timer was armed again, nothing else would bring it back.
  chip.onFault(() => arm(0))
  return {
    nowMs: chip.nowMs,
    alarm: (run) => new LoopAlarm(run),
    every(periodMs, run) {
      const alarm = new LoopAlarm(run)
      alarm._periodMs = periodMs
      alarm.set(0)
    },
  }
}
