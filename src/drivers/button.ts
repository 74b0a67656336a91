/**
 * Push button to ground on an input with pull-up, debounced below the driver (25 ms). Click, double click, long press with
 * repetition. A click is told when the button is let go, or 300 ms later when a second one might follow: only who wants double
 * clicks waits for them. Nothing blocks; no current but 70 µA through the chip's pull-up while it is pressed.
 * A missing button is never pressed; a shorted one is held for ever, from its first change on: what is down at boot is no press.
 */
import type { Clock } from "../hal/clock"
import type { DigitalIn } from "../hal/pin"

export interface ButtonHandlers {
  onClick?(): void
  onDoubleClick?(): void
  /** Once it was held for 600 ms, with 0, and every 200 ms for as long as it is held, with 1, 2 ... A click just before it is lost. */
  onHold?(times: number): void
}

/** Longer than a click of a slow hand, and not long enough to make anybody wait. */
const LONG_MS = 600
const REPEAT_MS = 200
/** From letting go to the second press. */
const DOUBLE_MS = 300

export function button(pin: DigitalIn, clock: Clock, handlers: ButtonHandlers): void {
  let isDown = false
  /** Presses of this gesture, and how often it was told as held. */
  let presses = 0
  let holds = 0

  const alarm = clock.alarm(() => {
    if (!isDown) return finish()
    presses = 0
    if (handlers.onHold) handlers.onHold(holds)
    holds++
    alarm.set(REPEAT_MS)
  })

  function finish(): void {
    const run = presses > 1 ? handlers.onDoubleClick : handlers.onClick
    presses = 0
    alarm.clear()
    if (run) run()
  }

  pin.watch((isHigh) => {
    if (isHigh !== isDown) return
    isDown = !isHigh
    if (isDown) {
      presses++
      holds = 0
      alarm.set(LONG_MS)
    } else if (holds) alarm.clear()
    else if (presses > 1 || !handlers.onDoubleClick) finish()
    else alarm.set(DOUBLE_MS)
  })
}
