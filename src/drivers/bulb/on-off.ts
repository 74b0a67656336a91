/**
 * On and off for any dimmed lamp, and what it does when power comes back. Nothing is kept here: a program that wants the last
 * state writes it to its own Storage and hands it in.
 */

/**
 * Brightness to start with, 0 to 255: 0 for "off", `brightness` for "on", `last` for "last", where undefined (nothing was kept)
 * is `brightness`. Anything else is off.
 */
export function powerOn(mode: string, brightness: number, last: number | undefined): number {
  if (mode === "on") return brightness
  return mode === "last" ? (last ?? brightness) : 0
}

export interface OnOff {
  /** `brightness` 0 to 255: 0 turns off and is not what `turn` comes back to. */
  dim(brightness: number, transitionMs?: number): void
  /** On at the brightness that it had last. */
  turn(isOn: boolean, transitionMs?: number): void
  /** What is, or will be when the transition is over, shown: 0 to 255, 0 when off. */
  brightness(): number
}

/** `show` is the lamp's `set` in its present colour; nothing is shown before the first call. `brightness` 1 to 255 is what `turn` starts with. */
export function onOff(show: (brightness: number, transitionMs?: number) => void, brightness: number): OnOff {
  let isOn = false

  function turn(isWanted: boolean, transitionMs?: number): void {
    isOn = isWanted
    show(isOn ? brightness : 0, transitionMs)
  }

  return {
    dim(wanted, transitionMs) {
      if (wanted > 0) brightness = wanted
      turn(wanted > 0, transitionMs)
    },
    turn,
    brightness: () => (isOn ? brightness : 0),
  }
}
