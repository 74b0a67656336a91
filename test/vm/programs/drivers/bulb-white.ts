import { bulbWhite } from "motewire/drivers/bulb-white"
import { drive } from "./drive"
import { fakePwm, ONE_STEP_MS } from "./fake-lamp"

export default drive(
  fakePwm,
  (pin, clock) => bulbWhite(pin, pin, 2700, 6500, clock),
  (lamp, nth) => lamp.set(2500 + 70 * nth, 200, ONE_STEP_MS),
)
