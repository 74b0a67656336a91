import type { Alarm, Clock } from "../clock/clock"

/** Notices silence in house time. One alarm that looks at the last packet heard: none is moved per packet. */
export class KeepAlive {
  private lastHeardUs = 0
  private limitUs = 0
  private alarm: Alarm | undefined

  constructor(
    private readonly clock: Clock,
    private readonly onSilence: () => void,
  ) {}

  heard(): void {
    this.lastHeardUs = this.clock.nowUs
  }

  /** [MQTT-3.1.2-24] of 3.1.1, [MQTT-3.1.2-22] of 5.0: one and a half times the keep-alive; 0 is for ever. */
  start(keepAliveS: number): void {
    this.limitUs = keepAliveS * 1_500_000
    if (this.limitUs > 0) this.look()
  }

  stop(): void {
    this.clock.cancel(this.alarm)
  }

  private look(): void {
    const dueUs = this.lastHeardUs + this.limitUs
    if (this.clock.nowUs >= dueUs) return this.onSilence()
    this.alarm = this.clock.at(dueUs, () => this.look())
  }
}
