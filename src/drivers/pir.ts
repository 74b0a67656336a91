/**
 * PIR motion sensor with a digital output, high while it sees motion: HC-SR501 (manual: 4.5 to 20 V, output 3.3 V, 50 µA, up to 7 m and
 * 120°; for about a minute after power-up its output moves by itself; blind for 2.5 s after each pulse) and its kind (AM312).
 * Motion is told within the input's debounce of 25 ms; stillness `holdMs` after the output fell, so make `holdMs` longer than
 * the blind time. Nothing blocks. The input has a pull-up: a missing sensor or a broken wire is motion without an end.
 */
import type { Clock } from "../hal/clock"
import type { DigitalIn } from "../hal/pin"

/** A minute of false alarms after power-up (HC-SR501 manual). After a restart without loss of power it is only lost. */
const WARM_UP_MS = 60_000

export interface Pir {
  isMoving(): boolean
}

/** Calls `onChange` when motion begins, and when there was none for `holdMs`; for the first minute nothing is told. */
export function pir(pin: DigitalIn, clock: Clock, holdMs: number, onChange: (isMoving: boolean) => void): Pir {
  let isWarm = false
  let isMoving = false

  const alarm = clock.alarm(() => {
    if (isWarm) return tell(false)
    isWarm = true
    see(pin.isHigh())
  })

  function see(isHigh: boolean): void {
    if (!isWarm) return
    if (isHigh) {
      alarm.clear()
      if (!isMoving) tell(true)
    } else if (isMoving) alarm.set(holdMs)
  }

  function tell(isNow: boolean): void {
    isMoving = isNow
    onChange(isNow)
  }

  pin.watch(see)
  alarm.set(WARM_UP_MS)
  return { isMoving: () => isMoving }
}
