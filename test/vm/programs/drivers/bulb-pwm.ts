import { bulbPwm } from "motewire/drivers/bulb-pwm"
import { drive } from "./drive"
import { fakePwm, ONE_STEP_MS } from "./fake-lamp"

export default drive(
  fakePwm,
  (pin, clock) => bulbPwm(pin, pin, pin, clock),
  (lamp, nth) => lamp.set(255, nth * 4, 90, 200, ONE_STEP_MS),
)
