import type { Clock } from "../../../../src/hal/clock"
import { handOver } from "../hand-over"

interface ScriptAlarm {
  run: () => void
  dueMs: number
}

/** The due time of an alarm that is not set. */
const OFF = -1

/**
 * Hands a driver over to test/vm/sampling.js, which lets it work on a fake of its part, and as fast as the interpreter can: time
 * here is a number. `wire` opens what the driver hangs on, `make` makes it, and `run` starts one sample of it, or sets it; what a driver does
 * not tell of its own accord, `run` tells `done` itself. A list, since bundles shorten names.
 */
export const drive =
  <Wired, Driver>(
    wire: () => Wired,
    make: (wired: Wired, clock: Clock) => Driver,
    run: (driver: Driver, nth: number, done: (error: number, ...values: number[]) => void) => unknown,
  ) =>
  (): void => {
    // Above 8191, where a number takes a block of its own: else it would look like growth on its way there.
    let nowMs = 10_000
    const alarms: ScriptAlarm[] = []
    const clock: Clock = {
      nowMs: () => nowMs,
      alarm(run) {
        const alarm = {
          run,
          dueMs: OFF,
          set(inMs: number) {
            alarm.dueMs = nowMs + inMs
          },
          clear() {
            alarm.dueMs = OFF
          },
        }
        alarms.push(alarm)
        return alarm
      },
    }

    /** Moves time to the next alarm and lets it ring; false when none is set. */
    function ring(): boolean {
      let next: ScriptAlarm | undefined
      for (const alarm of alarms) if (alarm.dueMs !== OFF && (!next || alarm.dueMs < next.dueMs)) next = alarm
      if (!next) return false
      nowMs = next.dueMs
      next.dueMs = OFF
      next.run()
      return true
    }

    handOver("drive", [wire, (wired: Wired) => make(wired, clock), run, ring])
  }
