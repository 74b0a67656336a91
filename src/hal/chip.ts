/** What remains of the chip once pins, network and Storage are taken away: timer, memory, watchdog, identity. */
export interface Chip {
  /** Milliseconds, microsecond fractions. */
  nowMs(): number
  /** Calls `run` once after `inMs`; returns a handle for `disarm`. The one timer of a program is built on it. */
  arm(run: () => void, inMs: number): number
  disarm(handle: number): void
  /** Blocks (JsVars) not in use once the garbage is collected: a user's closures may leave cycles behind. */
  freeBlocks(): number
  /** What went wrong since the last call: "MEMORY" when it ran out, "CALLBACK" when a handler was lost, and others. */
  errorFlags(): string[]
  /** Calls `run` right after a callback in which memory ran out: whatever that callback was to arm again is not armed. */
  onFault(run: () => void): void
  /** Starts a watchdog that resets the chip unless fed every `seconds`. */
  startWatchdog(seconds: number): void
  feedWatchdog(): void
  reboot(): void
  /** Text that differs from chip to chip. */
  serial(): string
  /** Uniform in [0, 1). The same on every boot until `seed` was called. */
  random(): number
  seed(value: number): void
  crc32(bytes: string): number
  log(text: string): void
  warn(text: string): void
}
