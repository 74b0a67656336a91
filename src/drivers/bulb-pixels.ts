/**
 * Chain of WS2812B or SK6812 LEDs as single pixels: a picture is painted, turned and shown. Timing, current and wiring are those of
 * bulb-strip.ts, which is the cheaper driver for a strip of one colour: a frame blocks for 30 µs an LED, 40 with four channels. It is
 * sent when it has changed. drivers/bulb/crossfade fades from one picture to the next.
 *
 * Painting an area, turning the picture and showing it in full are copies by the firmware. A brightness below 255 and a picture above
 * the budget loop over the bytes in the interpreter, which bounds the LEDs: docs/drivers.md has blocks and times.
 */
import type { LedStrip } from "../hal/pin"
import type { Fadable } from "./bulb/crossfade"
import { GAMMA, share } from "./bulb/fade"
import type { Canvas } from "./bulb/strip-effects"
import { BYTES_PER_MA, repeat, REST_MA, type Order } from "./bulb/strip"

/** What a program paints on, and what a crossfade needs besides. */
export interface PixelStrip extends Canvas, Fadable {}

/** Dark from the first moment. `budgetMa` is what the supply may give to the LEDs: `leds` times 1.16 mA and more. */
export function bulbPixels(out: LedStrip, leds: number, order: Order, budgetMa: number): PixelStrip {
  const width = order([0, 0, 0]).length
  const size = leds * width
  const picture = new Uint8ClampedArray(size)
  // The firmware refuses what is no multiple of three: up to two bytes go to nobody.
  const frame = new Uint8ClampedArray(size + ((2 * size) % 3))
  let scale: number
  /** The scale at which the picture takes all of the budget; 0 until it is known. */
  let most = 0
  /** The brightness at which the picture is shown; none when the picture is new. */
  let shown: number | undefined

  const light = (level: number) => Math.pow(share(level), GAMMA)
  const add = (sum: number, byte: number) => sum + byte
  const toByte = (each: number) => Math.round(each * 255)
  const dim = (byte: number) => Math.floor(byte * scale)

  const pixels: PixelStrip = {
    paint(first, count, red, green, blue) {
      const start = first * width
      picture.set(order([light(red), light(green), light(blue)]).map(toByte), start)
      repeat(picture, width, start, start + count * width)
      shown = undefined
      most = 0
    },
    turn(by) {
      const cut = size - by * width
      const tail = picture.slice(cut)
      picture.set(picture.subarray(0, cut), size - cut)
      picture.set(tail)
      shown = undefined
    },
    show(brightness) {
      if (brightness === shown && !pixels._isFading) return
      shown = brightness
      pixels._isFading = false
      pixels._compose(brightness, frame)
      pixels._send()
    },
    _frame: frame,
    _send: () => out.write(frame),
    _compose(brightness, bytes) {
      most = most || ((budgetMa - leds * REST_MA) * BYTES_PER_MA) / picture.reduce(add, 0)
      scale = Math.min(light(brightness), most)
      bytes.set(scale < 1 ? picture.map(dim) : picture)
    },
    _isFading: false,
  }
  pixels._send()
  return pixels
}
