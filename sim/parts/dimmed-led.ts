import { Channels } from "./light"
import type { Part, PartPlace } from "./part"
import { toSrgb } from "./rgb-led"

/** At full light: a 1 W LED (option `ma`). */
const FULL_MA = 350

/** One LED on one PWM pin, active high. `light` is linear, 0 to 1; the swatch is what a screen must show for it. */
export class DimmedLed implements Part {
  readonly part = "dimmed-led"
  readonly name: string
  private readonly channels: Channels<"light">
  private readonly fullMa: number

  constructor(place: PartPlace) {
    this.name = place.name
    this.channels = new Channels(place, ["light"], () => this.values())
    this.fullMa = place.option("ma", FULL_MA)
  }

  /** Linear light, 0 to 1; 0 without power. */
  get light(): number {
    return this.channels.light("light")
  }

  values(): Record<string, number> {
    const grey = toSrgb(this.light)
    return { light: this.light, swatchRed: grey, swatchGreen: grey, swatchBlue: grey }
  }

  currentMa(): number {
    return this.fullMa * this.light
  }

  powerOn(): void {
    this.channels.power = true
  }

  powerOff(): void {
    this.channels.power = false
  }
}
