import { parseJson, program, pwm } from "motewire"
import { bulbWhite } from "motewire/drivers/bulb-white"
import { onOff } from "motewire/drivers/bulb/on-off"

interface Command {
  state?: string
  brightness?: number
  color_temp?: number
}

/** A desk lamp from warm to cold: Home Assistant's JSON light with `color_temp` in kelvin. */
export default program({ warm: pwm(), cold: pwm() }, ({ settings, mqtt, clock, warn }) => {
  const lamp = bulbWhite(settings.warm, settings.cold, 2700, 6500, clock)
  const state = mqtt.topic("desk/lamp", { qos: 1, retain: true })
  const light = onOff((brightness, transitionMs) => lamp.set(kelvin, brightness, transitionMs), 255)
  let kelvin = 2700

  mqtt.subscribe("desk/lamp/set", (payload) => {
    const command = parseJson(payload) as Command | undefined
    if (!command || (command.state !== "ON" && command.state !== "OFF")) return warn(`lamp: cannot do ${payload}`)
    if (command.color_temp) kelvin = command.color_temp
    if (command.state === "ON" && command.brightness) light.dim(command.brightness)
    else light.turn(command.state === "ON")
    const brightness = light.brightness()
    state.publish(JSON.stringify({ state: command.state, brightness, color_mode: "color_temp", color_temp: kelvin }))
  })
})
