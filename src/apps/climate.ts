import { climateJson, program, seconds, text, wire } from "motewire"
import { dht22 } from "motewire/drivers/dht22"

/** Reads a DHT22 and publishes `{"temperature":21.4,"humidity":48.2}`. */
export default program(
  { sensor: wire(), interval: seconds(30, 2), topic: text("sensor/data") },
  ({ settings, mqtt, clock, every, warn }) => {
    const sensor = dht22(settings.sensor, clock)
    const data = mqtt.topic(settings.topic, { qos: 1, retain: true })

    every(settings.interval, () => sensor.sample(onReading))

    function onReading(error: number, temperatureC: number, humidityPct: number): void {
      if (error) warn(`dht22: error ${error}`)
      else data.publish(climateJson(temperatureC, humidityPct))
    }
  },
)
