import { AirSense } from "./air"
import { I2cPart, round2 } from "./i2c-part"
import { inAir } from "./in-air"
import type { PartPlace } from "./part"

/** A part on an I2C bus that feels temperature and humidity. */
export abstract class AirPart extends inAir(I2cPart) {
  readonly air: AirSense

  constructor(place: PartPlace, addresses: number[]) {
    super(place, addresses)
    this.air = new AirSense(place)
  }

  values(): Record<string, number> {
    return { temperatureC: round2(this.temperatureC), humidityPct: round2(this.humidityPct) }
  }

  override powerOff(): void {
    super.powerOff()
    this.air.heating.reset()
  }

  protected get felt(): AirSense {
    return this.air
  }
}
