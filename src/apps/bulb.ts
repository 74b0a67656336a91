import { parseClimate, program, pwm, text } from "motewire"
import { comfortColour } from "motewire/apps/comfort"
import { bulbPwm } from "motewire/drivers/bulb-pwm"

/** Shows the climate of a room: colour from its temperature, brightness from its humidity. */
export default program(
  { red: pwm(), green: pwm(), blue: pwm(), topic: text("sensor/data") },
  ({ settings, mqtt, clock, log, warn }) => {
    const bulb = bulbPwm(settings.red, settings.green, settings.blue, clock)
    let refused = 0

    mqtt.subscribe(settings.topic, onClimate, 1)

    function onClimate(payload: string): void {
      const climate = parseClimate(payload)
      if (!climate || climate.temperatureC === undefined || climate.humidityPct === undefined) return refuse(payload)
      if (refused) log(`bulb: readings again after ${refused} other messages`)
      refused = 0
      const [red, green, blue] = comfortColour(climate.temperatureC)
      // 0 to 100 % over 40 to 255: a dry room is dim, not dark.
      bulb.set(red, green, blue, 40 + climate.humidityPct * 2.15)
    }

    /** The lamp stays as it was. Told once: a sender that is wrong is wrong every time. */
    function refuse(payload: string): void {
      if (!refused++) warn(`bulb: not a reading: ${payload.substr(0, 60)}`)
    }
  },
)
