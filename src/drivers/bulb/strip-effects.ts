/** Effects for pixel strips: a picture is painted once and then only turned, by the firmware: a frame costs the same for any number of LEDs. */
import type { Clock } from "../../hal/clock"
import { hsToRgb } from "../../util/colour"
import type { Effect } from "./effects"

/** What a pixel strip lets an effect do. */
export interface Canvas {
  /** Gives `count` LEDs from `first` (0 is nearest to the chip; all of them must exist) a colour, channels 0 to 255. */
  paint(first: number, count: number, red: number, green: number, blue: number): void
  /** Moves the picture away from the chip by `by` LEDs, 1 to less than there are; the last ones come in at the front. */
  turn(by: number): void
  /** Shows the picture as it is now at `brightness` 0 to 255, at once. It ends a crossfade. */
  show(brightness: number): void
}

/** Paints, then turns the picture by one LED every `stepMs`. */
function turning(canvas: Canvas, clock: Clock, stepMs: number, paint: () => void): Effect {
  const show = () => {
    canvas.show(255)
    alarm.set(stepMs)
  }
  const alarm = clock.alarm(() => {
    canvas.turn(1)
    show()
  })

  return {
    start() {
      paint()
      show()
    },
    stop: () => alarm.clear(),
  }
}

/** All hues along the strip, wandering away from the chip, one LED in `stepMs` (40 or more); `brightness` 0 to 255. */
export const rainbow = (canvas: Canvas, leds: number, clock: Clock, brightness: number, stepMs: number): Effect =>
  turning(canvas, clock, stepMs, () => {
    const rgb = [0, 0, 0]
    const dimmed = brightness / 255
    for (let i = 0; i < leds; i++) {
      hsToRgb((360 * i) / leds, 100, rgb)
      canvas.paint(i, 1, rgb[0]! * dimmed, rgb[1]! * dimmed, rgb[2]! * dimmed)
    }
  })

/** `lit` LEDs of one colour, channels 0 to 255, that run along the dark strip, one LED in `stepMs` (40 or more). */
export const chase = (
  canvas: Canvas,
  leds: number,
  clock: Clock,
  lit: number,
  rgb: readonly number[],
  stepMs: number,
): Effect =>
  turning(canvas, clock, stepMs, () => {
    canvas.paint(0, leds, 0, 0, 0)
    canvas.paint(0, lit, rgb[0]!, rgb[1]!, rgb[2]!)
  })
