import { Channels } from "./light"
import type { Rgb } from "./light"
import type { Part, PartPlace } from "./part"
import { toSrgb } from "./rgb-led"

/** One colour at full duty: what its series resistor is chosen for, commonly. */
const CHANNEL_MA = 20
const ROLES = ["red", "green", "blue", "white"] as const

/** RGB lamp with a white LED beside it, on four PWM pins, active high. All four are linear light, 0 to 1. */
export class RgbwLed implements Part {
  readonly part = "rgbw-led"
  readonly name: string
  private readonly channels: Channels<(typeof ROLES)[number]>

  constructor(place: PartPlace) {
    this.name = place.name
    this.channels = new Channels(place, ROLES, () => this.values())
  }

  /** Linear light, 0 to 1; 0 without power. */
  get red(): number {
    return this.channels.light("red")
  }
  get green(): number {
    return this.channels.light("green")
  }
  get blue(): number {
    return this.channels.light("blue")
  }
  get white(): number {
    return this.channels.light("white")
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

  powerOn(): void {
    this.channels.power = true
  }

  powerOff(): void {
    this.channels.power = false
  }
}
