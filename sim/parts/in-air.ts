import type { AirSense } from "./air"

/** A part that stands in the air, on whatever it hangs: `class AirPart extends inAir(I2cPart)`. */
export function inAir<B extends abstract new (...args: any[]) => object>(Base: B) {
  abstract class InAir extends Base {
    /** Lag, noise, offset, drift and self-heating: fields with the datasheet's figures. */
    abstract readonly air: AirSense

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
  }
  return InAir
}
