/** A link or connection that lived this long was good: after it, the next wait is the first again. */
export const STABLE_MS = 60000

export interface Backoff {
  /** The next wait, `firstMs / 2` to `maxMs`. */
  nextMs(): number
  /** Starts again from the first step; call it when a connection has proved stable. */
  reset(): void
}

/**
 * Waiting times between attempts: doubling from `firstMs` to `maxMs`, each drawn from the upper half of its step, so
 * that devices whose random numbers differ spread out and none hurries.
 */
export function createBackoff(random: () => number, firstMs: number, maxMs: number): Backoff {
  let stepMs = firstMs
  return {
    nextMs() {
      const waitMs = stepMs * (0.5 + random() / 2)
      stepMs = Math.min(stepMs * 2, maxMs)
      return waitMs
    },
    reset() {
      stepMs = firstMs
    },
  }
}
