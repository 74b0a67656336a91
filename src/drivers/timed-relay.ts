/**
 * Relay that keeps a minimum time on and a minimum time off, for what wears out by short cycles: compressors (heat pumps, fridges; three
 * to five minutes off, so that the pressure evens out), burners, pumps. One output, high is on. `set` takes no time and blocks for
 * nothing. At boot it is off, and counts as switched off just then: nobody knows when the power went. A relay's coil takes
 * some 70 mA at 5 V (Songle SRD-05VDC-SL-C: 0.36 W) while it is on. The pin does not see whether a relay is there.
 */
import type { Clock } from "../hal/clock"
import type { DigitalOut } from "../hal/pin"

export interface TimedRelay {
  /** Switches now, or once the minimum time has passed; the newest wish wins. Returns the milliseconds until then, 0 for now. */
  set(isOn: boolean): number
  /** What the output is, whatever was wished for. */
  isOn(): boolean
}

/** `onSwitched` is called with the new state when a wish that had to wait was carried out. */
export function timedRelay(
  pin: DigitalOut,
  clock: Clock,
  minOnMs: number,
  minOffMs: number,
  onSwitched?: (isOn: boolean) => void,
): TimedRelay {
  let isOn = false
  let isWanted = false
  let changedMs = 0

  const alarm = clock.alarm(() => {
    turn()
    if (onSwitched) onSwitched(isOn)
  })

  function turn(): void {
    isOn = isWanted
    changedMs = clock.nowMs()
    pin.write(isOn)
  }
  turn()

  return {
    set(isNow) {
      isWanted = isNow
      alarm.clear()
      if (isOn === isNow) return 0
      const restMs = changedMs + (isOn ? minOnMs : minOffMs) - clock.nowMs()
      if (restMs > 0) alarm.set(restMs)
      else turn()
      return Math.max(0, restMs)
    },
    isOn: () => isOn,
  }
}
