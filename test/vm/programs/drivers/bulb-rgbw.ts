import { bulbRgbw } from "motewire/drivers/bulb-rgbw"
import { drive } from "./drive"
import { fakePwm, ONE_STEP_MS } from "./fake-lamp"

export default drive(
  fakePwm,
  (pin, clock) => bulbRgbw(pin, pin, pin, pin, clock),
  (lamp, nth) => lamp.set(255, nth * 4, 90, 200, ONE_STEP_MS),
)
