import { bulbRelay } from "motewire/drivers/bulb-relay"
import { drive } from "./drive"
import { fakeOutput } from "./fake-lamp"

export default drive(
  fakeOutput,
  (pin) => bulbRelay(pin, false),
  (lamp, nth) => lamp.set(nth % 2 > 0),
)
