import type { DigitalIn } from "../pin"
import type { DigitalRead, PinMode, SetWatch } from "./globals"

declare const setWatch: SetWatch
declare const pinMode: PinMode
declare const digitalRead: DigitalRead

/** Longer than the bounce of common push buttons (1 to 10 ms), shorter than a hand. */
const DEBOUNCE_MS = 25

/** With the internal pull-up: a button to ground reads low while it is pressed. */
export function openInput(pin: number): DigitalIn {
  pinMode(pin, "input_pullup")
  return {
    isHigh: () => !!digitalRead(pin),
    watch(onChange) {
      setWatch((edge) => onChange(!!edge.state), pin, { repeat: true, edge: "both", debounce: DEBOUNCE_MS })
    },
  }
}
