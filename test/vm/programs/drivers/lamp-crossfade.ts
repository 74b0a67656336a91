import { bulbPixels } from "motewire/drivers/bulb-pixels"
import { crossfade } from "motewire/drivers/bulb/crossfade"
import { grb } from "motewire/drivers/bulb/strip"
import { drive } from "./drive"
import { fakeStrip, LEDS, ONE_STEP_MS } from "./fake-lamp"

/** One LED repainted, and a fade of one step: two loops over all bytes. */
export default drive(
  fakeStrip,
  (out, clock) => {
    const pixels = bulbPixels(out, LEDS, grb, 5000)
    return { pixels, show: crossfade(pixels, clock) }
  },
  ({ pixels, show }, nth) => {
    pixels.paint(nth % LEDS, 1, 255, nth * 4, 0)
    show(255, ONE_STEP_MS)
  },
)
