import { Channels } from "./light"
import type { Rgb } from "./light"
import type { Part, PartPlace } from "./part"

/** One colour at full duty: what its series resistor is chosen for, commonly. */
const CHANNEL_MA = 20

const ROLES = ["red", "green", "blue"] as const

/**
 * Common-cathode RGB lamp on three PWM pins: light is proportional to duty, the eye is not.
 * `red`, `green`, `blue` are linear light 0 to 1; the swatch is what a screen must show for it (sRGB, 0 to 255).
 */
export class RgbLed implements Part {
  readonly part = "rgb-led"
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

  powerOn(): void {
    this.channels.power = true
  }

  powerOff(): void {
    this.channels.power = false
  }
}

/** IEC 61966-2-1. */
export function toSrgb(linear: number): number {
  const coded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055
  return Math.round(255 * Math.min(1, Math.max(0, coded)))
}
