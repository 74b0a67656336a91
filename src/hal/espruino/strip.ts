import type { LedStrip } from "../pin"
import type { Require } from "./globals"

declare const require: Require

/** The firmware's own driver of WS2812 timing: 350 and 900 ns, by the RMT peripheral. */
export function openStrip(pin: number): LedStrip {
  const neopixel = require("neopixel") as { write(pin: number, bytes: Uint8ClampedArray): void }
  return { write: (bytes) => neopixel.write(pin, bytes) }
}
