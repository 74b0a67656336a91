import { bulbPixels } from "motewire/drivers/bulb-pixels"
import { grb } from "motewire/drivers/bulb/strip"
import { drive } from "./drive"
import { fakeStrip, LEDS } from "./fake-lamp"

/** A picture turned by one LED and shown, which is a step of an effect. */
export default drive(
  fakeStrip,
  (out) => bulbPixels(out, LEDS, grb, 2000),
  (pixels) => {
    pixels.turn(1)
    pixels.show(255)
  },
)
