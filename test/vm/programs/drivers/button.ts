import { button } from "motewire/drivers/button"
import { drive } from "./drive"
import { fakeInput } from "./fake-input"

/** A click and a double click in turn. */
export default drive(
  fakeInput,
  (pin, clock) => {
    button(pin, clock, { onClick: () => {}, onDoubleClick: () => {}, onHold: () => {} })
    return pin
  },
  (pin, nth) => {
    for (let presses = 1 + (nth % 2); presses; presses--) {
      pin.move(false)
      pin.move(true)
    }
  },
)
