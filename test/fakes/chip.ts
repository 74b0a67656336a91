import type { Chip } from "../../src/hal/chip"
import { crc32 } from "../../src/util/crc32"
import { FakeClock } from "./clock"

/** The chip without its pins: timers that survive exceptions, a watchdog that bites, flags and memory set by the test. */
export class FakeChip implements Chip {
  readonly clock = new FakeClock(100)
  /** Lines as "log text" and "warn text". */
  readonly lines: string[] = []
  /** What handlers threw: the firmware prints it and goes on. */
  readonly uncaught: string[] = []
  readonly seeds: number[] = []
  flags: string[] = []
  blocks = 3000
  reboots = 0
  watchdogBites = 0
  randomValue = 0.5
  private readonly timers = new Map<number, { clear(): void }>()
  private readonly faultHandlers: (() => void)[] = []
  private lastHandle = 0
  private watchdogMs = 0
  private readonly watchdog = this.clock.alarm(() => this.watchdogBites++)

  nowMs = (): number => this.clock.nowMs()

  arm = (run: () => void, inMs: number): number => {
    const handle = ++this.lastHandle
    const alarm = this.clock.alarm(() => {
      this.timers.delete(handle)
      this.guarded(run)
    })
    alarm.set(inMs)
    this.timers.set(handle, alarm)
    return handle
  }

  disarm = (handle: number): void => {
    if (!handle) throw new Error(`disarm of ${handle}: the firmware throws on undefined`)
    this.timers.get(handle)?.clear()
    this.timers.delete(handle)
  }

  freeBlocks = (): number => this.blocks
  errorFlags = (): string[] => this.flags.splice(0)

  onFault = (run: () => void): void => void this.faultHandlers.push(run)

  startWatchdog = (seconds: number): void => {
    this.watchdogMs = seconds * 1000
    this.feedWatchdog()
  }

  feedWatchdog = (): void => {
    if (this.watchdogMs) this.watchdog.set(this.watchdogMs)
  }

  reboot = (): void => void this.reboots++
  serial = (): string => "240ac4a1-b2c3"
  random = (): number => this.randomValue
  seed = (value: number): void => void this.seeds.push(value)
  crc32 = crc32
  log = (text: string): void => void this.lines.push(`log ${text}`)
  warn = (text: string): void => void this.lines.push(`warn ${text}`)

  /** Timers under way: a program has one. */
  timerCount(): number {
    return this.timers.size
  }

  /** Every timer is gone, as after memory ran out in a handler. */
  loseTimers(): void {
    for (const timer of this.timers.values()) timer.clear()
    this.timers.clear()
  }

  /** Memory runs out in some handler: the flag goes up, and those who asked are told. */
  runOutOfMemory(): void {
    this.flags.push("MEMORY")
    for (const run of this.faultHandlers) this.guarded(run)
  }

  /** Runs a handler as the firmware does. */
  guarded(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.uncaught.push((error as Error).message)
    }
  }
}
