import { Lamp, toSrgb } from "./light"
import type { Rgb } from "./light"
import type { PartPlace } from "./part"

/** One colour at full duty: what its series resistor is chosen for, commonly. */
const CHANNEL_MA = 20
const ROLES = ["red", "green", "blue", "white"] as const

/** RGB lamp with a white LED beside it, on four PWM pins, active high. All four are linear light, 0 to 1. */
export class RgbwLed extends Lamp<(typeof ROLES)[number]> {
  readonly part = "rgbw-led"

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
  get white(): number {
    return this.lightOf("white")
  }

  /** What a camera beside the lamp would see, 0 to 255 each; white counts as all three. */
  get swatch(): Rgb {
    const { red, green, blue, white } = this
    return { red: toSrgb(red + white), green: toSrgb(green + white), blue: toSrgb(blue + white) }
  }

  values(): Record<string, number> {
    const { red, green, blue, white, swatch } = this
    return { red, green, blue, white, swatchRed: swatch.red, swatchGreen: swatch.green, swatchBlue: swatch.blue }
  }

  currentMa(): number {
    return CHANNEL_MA * (this.red + this.green + this.blue + this.white)
  }
}
