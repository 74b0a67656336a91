import { AirSense } from "./air"
import { I2cPart, round2 } from "./i2c-part"
import type { PartPlace } from "./part"

/** A part on an I2C bus that feels temperature and humidity. */
export abstract class AirPart extends I2cPart {
  /** Lag, noise, offset, drift and self-heating: fields with the datasheet's figures. */
  readonly air: AirSense

  constructor(place: PartPlace, addresses: number[]) {
    super(place, addresses)
    this.air = new AirSense(place)
  }

  /** What the air at the sensor is; from the room until it is set by hand. */
  get temperatureC(): number {
    return this.air.temperature.value
  }
  set temperatureC(value: number) {
    this.air.temperature.value = value
  }
  /** The same for the humidity, 0 to 100. */
  get humidityPct(): number {
    return this.air.humidity.value
  }
  set humidityPct(value: number) {
    this.air.humidity.value = value
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
