import { Lamp, toSrgb } from "./light"
import type { Rgb } from "./light"
import type { PartPlace } from "./part"

/** One colour at full duty: what its series resistor is chosen for, commonly. */
const CHANNEL_MA = 20

const ROLES = ["red", "green", "blue"] as const

/**
 * Common-cathode RGB lamp on three PWM pins: light is proportional to duty, the eye is not.
 * `red`, `green`, `blue` are linear light 0 to 1; the swatch is what a screen must show for it (sRGB, 0 to 255).
 */
export class RgbLed extends Lamp<(typeof ROLES)[number]> {
  readonly part = "rgb-led"

  constructor(place: PartPlace) {
    super(place, ROLES)
  }

  /** Linear light, 0 to 1; 0 without power. */
  get red(): number {
    return this.lightOf("red")
  }
  get green(): number {
    return this.lightOf("green")
  }
  get blue(): number {
    return this.lightOf("blue")
  }

  /** What a camera beside the lamp would see, 0 to 255 each. */
  get swatch(): Rgb {
    return { red: toSrgb(this.red), green: toSrgb(this.green), blue: toSrgb(this.blue) }
  }

  values(): Record<string, number> {
    const { red, green, blue } = this.swatch
    return { red: this.red, green: this.green, blue: this.blue, swatchRed: red, swatchGreen: green, swatchBlue: blue }
  }

  currentMa(): number {
    return CHANNEL_MA * (this.red + this.green + this.blue)
  }
}
