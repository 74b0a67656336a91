import { Lamp, toSrgb } from "./light"
import type { PartPlace } from "./part"

/** At full light: a 1 W LED (option `ma`). */
const FULL_MA = 350

/** One LED on one PWM pin, active high. `light` is linear, 0 to 1; the swatch is what a screen must show for it. */
export class DimmedLed extends Lamp<"light"> {
  readonly part = "dimmed-led"
  private readonly fullMa: number

  constructor(place: PartPlace) {
    super(place, ["light"])
    this.fullMa = place.option("ma", FULL_MA)
  }

  /** Linear light, 0 to 1; 0 without power. */
  get light(): number {
    return this.lightOf("light")
  }

  values(): Record<string, number> {
    const grey = toSrgb(this.light)
    return { light: this.light, swatchRed: grey, swatchGreen: grey, swatchBlue: grey }
  }

  currentMa(): number {
    return this.fullMa * this.light
  }
}
