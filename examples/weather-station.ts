import { i2c, number, program, seconds } from "motewire"
import { bme280 } from "motewire/drivers/bme280"

/**
 * Publishes `{"temperature":21.4,"humidity":48.2,"pressure":1013.2}`, the pressure as weather maps have it: at the level of the sea, from
 * which the station is `altitude` metres away.
 */
export default program(
  { bus: i2c(), interval: seconds(60, 10), altitude: number(0, -400, 4000) },
  ({ settings, mqtt, clock, every, warn }) => {
    const sensor = bme280(settings.bus, clock)
    const weather = mqtt.topic("weather", { qos: 1, retain: true })
    const state = mqtt.topic("weather/state", { retain: true })
    // The share of the sea's pressure that is left up here, in the standard atmosphere.
    const share = Math.pow(1 - settings.altitude / 44330, 5.255)

    every(settings.interval, () => sensor.sample(onWeather))

    function onWeather(error: number, temperatureC: number, humidityPct: number, pressureHpa: number): void {
      state.publish(error ? "no sensor" : "ok")
      if (error) warn(`bme280: error ${error}`)
      else
        weather.publish(
          `{"temperature":${temperatureC.toFixed(1)},"humidity":${humidityPct.toFixed(1)},"pressure":${(pressureHpa / share).toFixed(1)}}`,
        )
    }
  },
)
