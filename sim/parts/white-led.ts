import { Lamp, rgbOfKelvin, toSrgb } from "./light"
import type { Rgb } from "./light"
import type { PartPlace } from "./part"

/** One colour at full light: a 1 W LED (option `ma`). */
const FULL_MA = 350
const WARM_K = 2700
const COLD_K = 6500

/** Tunable white: a warm and a cold LED on two PWM pins, active high. Options `warmK` and `coldK`, their colours in kelvin. */
export class WhiteLed extends Lamp<"warm" | "cold"> {
  readonly part = "white-led"
  private readonly warmK: number
  private readonly coldK: number
  private readonly fullMa: number

  constructor(place: PartPlace) {
    super(place, ["warm", "cold"])
    this.warmK = place.option("warmK", WARM_K)
    this.coldK = place.option("coldK", COLD_K)
    this.fullMa = place.option("ma", FULL_MA)
  }

  /** Linear light of each, 0 to 1; 0 without power. */
  get warm(): number {
    return this.lightOf("warm")
  }
  get cold(): number {
    return this.lightOf("cold")
  }
  /** Of both together, 0 to 2. */
  get light(): number {
    return this.warm + this.cold
  }

  /** Of the mixture: on the straight line between the two in mired, which is within some 50 K of the locus. 0 in the dark. */
  get kelvin(): number {
    const { warm, cold, light } = this
    return light > 0 ? Math.round(light / (warm / this.warmK + cold / this.coldK)) : 0
  }

  /** What a camera beside the lamp would see, 0 to 255 each. */
  get swatch(): Rgb {
    const { red, green, blue } = rgbOfKelvin(this.kelvin || this.warmK)
    const share = Math.min(1, this.light)
    return { red: toSrgb(red * share), green: toSrgb(green * share), blue: toSrgb(blue * share) }
  }

  values(): Record<string, number> {
    const { warm, cold, kelvin, light, swatch } = this
    return { light, kelvin, warm, cold, swatchRed: swatch.red, swatchGreen: swatch.green, swatchBlue: swatch.blue }
  }

  currentMa(): number {
    return this.fullMa * this.light
  }
}
