/** What remains of the chip once pins, network and Storage are taken away: timer, memory, watchdog, identity. */
export interface Chip {
  /** Milliseconds, microsecond fractions. */
  nowMs(): number
  /** Calls `run` once after `inMs`; returns a handle for `disarm`. The one timer of a program is built on it. */
  arm(run: () => void, inMs: number): number
  disarm(handle: number): void
  /** Blocks (JsVars) not in use, without running the garbage collector. */
  freeBlocks(): number
  /** What went wrong since the last call: "MEMORY" when it ran out, "CALLBACK" when a handler was lost, and others. */
  errorFlags(): string[]
  /** Starts a watchdog that resets the chip unless kicked every `seconds`. */
  startWatchdog(seconds: number): void
  kickWatchdog(): void
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
