import { BIT_US } from "../buses/strip-wave"
import { toByteString } from "./e"
import type { Interpreter } from "./interpreter"

/** How long the firmware holds the line low behind the last bit on the classic ESP32 (PULSE_TRS in esp32_neopixel.c, Espruino 2v29). */
const TAIL_US = 50

/** `require("neopixel")`: bytes go out as they are, the chip waits until they are out. */
export function installNeoPixel(interpreter: Interpreter): object {
  const { realm, machine } = interpreter
  const write = (number: unknown, data: unknown) => {
    const bytes = interpreter.pure(() => toByteString(data))
    if (bytes.length === 0) throw interpreter.error("Error", "Data must be a non empty array")
    if (bytes.length % 3 !== 0) throw interpreter.error("Error", "Data length must be a multiple of 3 (RGB)")
    const pin = machine.gpio.find(Number(number))
    if (!pin) throw interpreter.error("Error", "Invalid pin")
    const lengthUs = Math.ceil(8 * bytes.length * BIT_US)
    interpreter.effect(() => {
      machine.tell({ kind: "strip", pin: pin.name, bytes })
      // GPIO34 to 39 have no output stage: the bits end inside the chip.
      if (pin.isInputOnly) return
      machine.gpio.makeOutput(pin, 0)
      const { held, isOpen } = pin.net.seenFrom(machine.gpio)
      if (isOpen || held !== undefined) return
      machine.buses.strip.send(pin.net, bytes, machine.clock.nowUs)
    })
    interpreter.block(lengthUs + TAIL_US)
  }
  return realm.object({ write: interpreter.native("write", write) })
}
