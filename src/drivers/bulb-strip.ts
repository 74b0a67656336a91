/**
 * Chain of WS2812B or SK6812 LEDs (Worldsemi WS2812B and Opsco SK6812, SK6812RGBW datasheets) on one data pin, as one lamp. A bit takes
 * 1.25 µs, so a frame blocks for 30 µs an LED, 40 with four channels; the line must then rest 280 µs (WS2812B-V5; 50 and 80 in older
 * sheets), which steps of 40 ms do. The frame is sent when it has changed. The firmware copies the colour along the strip, so
 * a step costs nearly the same for any number of LEDs. Light is gamma-corrected to a byte: brightness up to 14 is dark.
 *
 * Current by the datasheets' model: 1 mA an LED at rest, 20 mA a channel at full, in proportion to its byte. What would take more
 * than the budget is dimmed, all channels alike. Power the strip from its own supply, with the grounds joined.
 */
import type { Clock } from "../hal/clock"
import type { LedStrip } from "../hal/pin"
import type { ColourBulb } from "./bulb/colour"
import { fade, share } from "./bulb/fade"
import { BYTES_PER_MA, repeat, REST_MA, type Order } from "./bulb/strip"

/** Dark from the first moment. `budgetMa` is what the supply may give to the LEDs: `leds` times 1.16 mA and more. */
export function bulbStrip(out: LedStrip, leds: number, order: Order, budgetMa: number, clock: Clock): ColourBulb {
  const lights = [0, 0, 0]
  const width = order(lights).length
  const size = leds * width
  // The firmware refuses what is no multiple of three: up to two bytes go to nobody.
  const frame = new Uint8ClampedArray(size + ((2 * size) % 3))
  let sent: string

  const start = fade([0, 0, 0], clock, (light, i) => {
    lights[i] = light
    if (i < 2) return
    const wire = order(lights)
    const most = Math.min(255, ((budgetMa / leds - REST_MA) * BYTES_PER_MA) / wire.reduce((sum, each) => sum + each))
    const led = wire.map((each) => Math.round(each * most))
    frame.set(led)
    const colour = led.join()
    if (colour === sent) return
    sent = colour
    repeat(frame, width, 0, size)
    out.write(frame)
  })

  return {
    set: (red, green, blue, brightness, transitionMs) =>
      start(
        [red, green, blue].map((channel) => share(channel) * share(brightness)),
        transitionMs,
      ),
  }
}
