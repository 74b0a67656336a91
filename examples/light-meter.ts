import { i2c, number, output, program, seconds } from "motewire"
import { bh1750 } from "motewire/drivers/bh1750"

/** Tells how light it is, and switches a lamp on at dusk; off again when it is half as light again, so that it does not flicker. */
export default program(
  { bus: i2c(), lamp: output(), dusk: number(50, 1, 10000), interval: seconds(10) },
  ({ settings, mqtt, clock, every, warn }) => {
    const { lamp, dusk } = settings
    const sensor = bh1750(settings.bus, clock)
    const light = mqtt.topic("light", { retain: true })
    const lampState = mqtt.topic("light/lamp", { qos: 1, retain: true })
    let isOn = false
    turn(false)

    every(settings.interval, () => sensor.sample(onLight))

    function onLight(error: number, lux: number): void {
      // The lamp stays as it is.
      if (error) return warn(`bh1750: error ${error}`)
      light.publish(lux.toFixed(1))
      if (isOn ? lux > dusk * 1.5 : lux < dusk) turn(!isOn)
    }

    function turn(on: boolean): void {
      isOn = on
      lamp.write(on)
      lampState.publish(on ? "ON" : "OFF")
    }
  },
)
