import { oneWire, program, seconds } from "motewire"
import { ds18b20 } from "motewire/drivers/ds18b20"

/**
 * Several DS18B20 on one wire: publishes `21.4` to `cellar/28ff641e8216043c` and so on, each under its part's own number, and what is wrong with a
 * part to the same topic with `/error` behind it. Part by part, so that a new order of the parts changes nothing.
 */
export default program({ bus: oneWire(), interval: seconds(60, 5) }, ({ settings, mqtt, clock, every, warn }) => {
  const thermometers = ds18b20(settings.bus, clock, 12)

  every(settings.interval, () => {
    if (thermometers.sample(onTemperature)) warn("no thermometer on the wire")
  })
  mqtt.subscribe("cellar/search", () => mqtt.publish("cellar/found", `${thermometers.search()}`))

  function onTemperature(error: number, temperatureC: number, index: number): void {
    const topic = `cellar/${thermometers.roms()[index]}`
    if (error) mqtt.publish(`${topic}/error`, `${error}`)
    else mqtt.publish(topic, temperatureC.toFixed(1))
  }
})
