/** A link or connection that lived this long was good: after it, the next wait is the first again. */
export const STABLE_MS = 60000

/** No step is longer. */
const MAX_MS = 120000
/** Half the least step after an answer that will be the same for a while. */
const LASTING_MS = 15000

/** True in a bundle that speaks MQTT 5. */
declare const __MQTT5__: boolean

export interface Backoff {
  /** The next wait; `reason` is why the connection ended or was refused, when a broker said so. */
  nextMs(reason?: number): number
  /** Starts again from the first step; call it when a connection has proved stable. */
  reset(): void
}

/**
 * Waiting times between attempts: steps that double from `firstMs` to two minutes, each wait drawn from a quarter of its step
 * up to the whole. Devices whose random numbers differ spread out: of a thousand that lose their broker in the same moment
 * a third comes back in any one second, when it was gone for a moment, and ever fewer the longer it was (docs/reconnecting.md).
 */
export function createBackoff(random: () => number, firstMs: number): Backoff {
  /** Of the wait before. */
  let stepMs = firstMs / 2
  return {
    nextMs(reason) {
      // Protocol version, client id, login, permission (CONNACK 1, 2, 4, 5 of 3.1.1; 0x84 to 0x87 of 5.0), banned (0x8A), bad
      // authentication method (0x8C): only a person mends these. And 0x9F: we are too fast.
      if (
        __MQTT5__
          ? "\x01\x02\x04\x05\x84\x85\x86\x87\x8A\x8C\x9F".includes(String.fromCharCode(reason!))
          : reason! < 6 && reason !== 3
      )
        stepMs = Math.max(stepMs, LASTING_MS)
      stepMs = Math.min(stepMs * 2, MAX_MS)
      return stepMs * (0.25 + random() * 0.75)
    },
    reset() {
      stepMs = firstMs / 2
    },
  }
}
