import type { Edge, Wire } from "../pin"
import type { ClearWatch, DigitalWrite, PinMode, SetWatch } from "./globals"

declare const setWatch: SetWatch
declare const clearWatch: ClearWatch
declare const digitalWrite: DigitalWrite
declare const pinMode: PinMode

/** On ESP32 `setWatch` makes the pin an input with pull-up, and a pin made an output afterwards is still watched. */
export function openWire(pin: number): Wire {
  let watch = 0
  const unwatch = () => {
    try {
      if (watch) clearWatch(watch)
    } catch {
      // The firmware had removed it: that is what it does to a watch in which memory runs out.
    }
    watch = 0
  }
  return {
    watch(onFall: (edge: Edge) => void) {
      unwatch()
      watch = setWatch(onFall, pin, { repeat: true, edge: "falling" })
    },
    unwatch,
    low() {
      digitalWrite(pin, 0)
      pinMode(pin, "output")
    },
    release() {
      pinMode(pin, "input_pullup")
    },
  }
}
