import { climateJson, input, output, program, seconds, wire } from "motewire"
import { dht22 } from "motewire/drivers/dht22"

export default program(
  { sensor: wire(), fan: output(), button: input(), interval: seconds(30) },
  ({ settings, mqtt, clock, every, warn }) => {
    const sensor = dht22(settings.sensor, clock)
    const readings = mqtt.topic("greenhouse/climate", { qos: 1 })

    every(settings.interval, () => sensor.sample(onReading))
    mqtt.subscribe("greenhouse/fan/set", (payload) => settings.fan.write(payload === "ON"))
    settings.button.watch((isHigh) => mqtt.publish("greenhouse/button", isHigh ? "released" : "pressed"))

    function onReading(error: number, temperatureC: number, humidityPct: number): void {
      if (error) warn(`sensor: error ${error}`)
      else readings.publish(climateJson(temperatureC, humidityPct))
    }
  },
)
