/**
 * What a measuring part on I2C needs around its own steps: ask, wait for the conversion by alarm, take the answer; and all over
 * again when a step failed. Keeps no block per sample.
 */
import type { Clock } from "../../hal/clock"
import { E_BUSY } from "../errors"

/** The first try and two more: a byte that Wi-Fi or a loose wire spoilt is rarely followed by a second. */
const ATTEMPTS = 3
/** A part that refused may be in a conversion, or start anew after a dip of its supply: the longest of these takes 16 ms. */
const RETRY_MS = 20

export interface Sensor<Done> {
  /**
   * Measures, and calls `done` once it knows: never from inside this call, which does not touch the bus. Returns 0, or E_BUSY
   * without calling `done` while the sample before is under way. May be called again from inside `done`.
   */
  sample(done: Done): number
}

/**
 * `step` is called with 0 and then with the next number as long as it returns milliseconds to wait; 0 ends the sample, an error
 * begins it again with step 0. `tell` hands 0 and the values, or the error of the last attempt, to `done`.
 */
export function exchange<Done>(
  clock: Clock,
  step: (nth: number) => number,
  tell: (done: Done, error: number) => void,
): Sensor<Done> {
  let attempts = 0
  let nth: number
  let done: Done

  const alarm = clock.alarm(() => {
    const result = step(nth++)
    if (result > 0) alarm.set(result)
    else if (result && --attempts) begin(RETRY_MS)
    else {
      attempts = 0
      tell(done, result)
    }
  })

  function begin(inMs: number): void {
    nth = 0
    alarm.set(inMs)
  }

  return {
    sample(onReading) {
      if (attempts) return E_BUSY
      done = onReading
      attempts = ATTEMPTS
      begin(0)
      return 0
    },
  }
}
