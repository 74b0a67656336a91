/** Time as drivers and protocols see it. One alarm is made per purpose, once, and then only set and cleared. */
export interface Alarm {
  /** Calls the alarm's function once, `inMs` from now; setting it again moves it. */
  set(inMs: number): void
  /** After this the function is not called until the next `set`. */
  clear(): void
}

export interface Clock {
  /** Milliseconds since some fixed moment; fractions are microseconds. Never runs backwards by itself. */
  nowMs(): number
  /** `run` never runs inside the call that set its alarm. */
  alarm(run: () => void): Alarm
}
