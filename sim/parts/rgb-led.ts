import { FLOAT } from "../pins/net"
import type { Net } from "../pins/net"
import type { Part, PartPlace } from "./part"

/** One colour at full duty: what its series resistor is chosen for, commonly. */
const CHANNEL_MA = 20

/**
 * Common-cathode RGB lamp on three PWM pins: light is proportional to duty, the eye is not.
 * `red`, `green`, `blue` are linear light 0 to 1; the swatch is what a screen must show for it (sRGB, 0 to 255).
 */
export class RgbLed implements Part {
  readonly part = "rgb-led"
  readonly name: string
  private readonly place: PartPlace
  private readonly nets: { red: Net; green: Net; blue: Net }
  private isPowered = false
  private willTell = false

  constructor(place: PartPlace) {
    this.place = place
    this.name = place.name
    this.nets = { red: place.net("red"), green: place.net("green"), blue: place.net("blue") }
    for (const net of Object.values(this.nets)) {
      net.drive(this, FLOAT)
      net.onPwm(() => this.onChange())
      net.onEdge(() => this.onChange())
    }
  }

  /** Linear light, 0 to 1; 0 without power. */
  get red(): number {
    return this.light(this.nets.red)
  }
  get green(): number {
    return this.light(this.nets.green)
  }
  get blue(): number {
    return this.light(this.nets.blue)
  }

  /** What a camera beside the lamp would see, 0 to 255 each. */
  get swatch(): { red: number; green: number; blue: number } {
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
    this.isPowered = true
  }

  powerOff(): void {
    this.isPowered = false
  }

  private light(net: Net): number {
    return this.isPowered ? (net.pwm ? net.pwm.duty : net.level) : 0
  }

  /** Three pins change at one instant: that is one change of the lamp. */
  private onChange(): void {
    if (this.willTell) return
    this.willTell = true
    this.place.clock.after(0, () => {
      this.willTell = false
      this.place.tell("shines", this.values())
    })
  }
}

/** IEC 61966-2-1. */
export function toSrgb(linear: number): number {
  const coded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055
  return Math.round(255 * Math.min(1, Math.max(0, coded)))
}
