import { pir } from "motewire/drivers/pir"
import { drive } from "./drive"
import { fakeInput } from "./fake-input"

/** Motion, its end, and what is told once it was still for long enough. */
export default drive(
  fakeInput,
  (pin, clock) => {
    pir(pin, clock, 30_000, () => {})
    return pin
  },
  (pin) => {
    pin.move(true)
    pin.move(false)
  },
)
