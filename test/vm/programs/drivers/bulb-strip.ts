import { bulbStrip } from "motewire/drivers/bulb-strip"
import { grb } from "motewire/drivers/bulb/strip"
import { drive } from "./drive"
import { fakeStrip, LEDS, ONE_STEP_MS } from "./fake-lamp"

export default drive(
  fakeStrip,
  (out, clock) => bulbStrip(out, LEDS, grb, 2000, clock),
  (lamp, nth) => lamp.set(255, nth * 4, 90, 255, ONE_STEP_MS),
)
