import { number, program, strip } from "motewire"
import { bulbPixels } from "motewire/drivers/bulb-pixels"
import { crossfade } from "motewire/drivers/bulb/crossfade"
import { grb } from "motewire/drivers/bulb/strip"
import { chase, rainbow } from "motewire/drivers/bulb/strip-effects"

/** Shows "#ff8000" on all LEDs, "rainbow", "chase" or "off", and never takes more than the supply has to give. */
export default program(
  { strip: strip(), leds: number(30, 1, 150), budgetMa: number(500, 100, 10_000) },
  ({ settings, mqtt, clock, warn }) => {
    const { leds } = settings
    const pixels = bulbPixels(settings.strip, leds, grb, settings.budgetMa)
    const fadeTo = crossfade(pixels, clock)
    const effects = {
      rainbow: rainbow(pixels, leds, clock, 128, 80),
      chase: chase(pixels, leds, clock, 5, [255, 160, 0], 40),
    }

    mqtt.subscribe("shelf/strip/set", (payload) => {
      const isColour = payload.startsWith("#") && payload.length === 7
      const colour = payload === "off" ? 0 : isColour ? parseInt(payload.substr(1), 16) : NaN
      const isEffect = payload === "rainbow" || payload === "chase"
      if (!isEffect && !(colour >= 0)) return warn(`strip: cannot show ${payload}`)
      effects.rainbow.stop()
      effects.chase.stop()
      if (isEffect) return effects[payload].start()
      pixels.paint(0, leds, colour >> 16, (colour >> 8) & 255, colour & 255)
      fadeTo(255)
    })
  },
)
