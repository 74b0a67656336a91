import type { Alarm, Clock } from "../../src/hal/clock"

/** Node fires a longer timeout at once. About 25 days. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

class HostAlarm implements Alarm {
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly run: () => void) {}

  set(inMs: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(this.run, Math.min(inMs, MAX_TIMEOUT_MS))
  }

  clear(): void {
    clearTimeout(this.timer)
  }
}

/**
 * The host's clock: milliseconds since the process started, which no change of the date moves. Alarms ring late rather
 * than early, 1 ms from now at the soonest and 24.8 days at the latest, and keep the process alive while they are set.
 */
export const hostClock: Clock = {
  nowMs: () => performance.now(),
  alarm: (run) => new HostAlarm(run),
}
