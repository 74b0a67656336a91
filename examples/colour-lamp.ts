import { parseJson, program, pwm, text } from "motewire"
import { bulbPwm } from "motewire/drivers/bulb-pwm"
import { colourLoop } from "motewire/drivers/bulb/effects"
import { onOff, powerOn } from "motewire/drivers/bulb/on-off"
import { hsToRgb, kelvinToRgb } from "motewire/util/colour"

interface Command {
  state?: string
  brightness?: number
  color?: { r: number; g: number; b: number; h?: number; s: number }
  color_temp?: number
  /** Seconds. */
  transition?: number
  effect?: string
}

/** Takes the commands of Home Assistant's JSON light and says in the same form what it shows. */
export default program(
  { red: pwm(), green: pwm(), blue: pwm(), startUp: text("off") },
  ({ settings, mqtt, clock, warn }) => {
    const lamp = bulbPwm(settings.red, settings.green, settings.blue, clock)
    const state = mqtt.topic("lounge/lamp", { qos: 1, retain: true })
    const rgb = [255, 255, 255]
    const show = (brightness: number, transitionMs?: number) =>
      lamp.set(rgb[0]!, rgb[1]!, rgb[2]!, brightness, transitionMs)
    const light = onOff(show, 255)
    const loop = colourLoop(onHue, clock, 30_000)

    mqtt.subscribe("lounge/lamp/set", onCommand)
    light.dim(powerOn(settings.startUp, 255, undefined), 0)

    function onHue(hue: number, transitionMs: number): void {
      hsToRgb(hue, 100, rgb)
      show(light.brightness(), transitionMs)
    }

    function onCommand(payload: string): void {
      const command = parseJson(payload) as Command | undefined
      if (!command || (command.state !== "ON" && command.state !== "OFF")) return warn(`lamp: cannot do ${payload}`)
      loop.stop()
      colour(command)
      // Undefined is the lamp's own time.
      const transitionMs = command.transition === undefined ? undefined : command.transition * 1000
      if (command.state === "ON" && command.brightness) light.dim(command.brightness, transitionMs)
      else light.turn(command.state === "ON", transitionMs)
      if (command.state === "ON" && command.effect === "colour loop") loop.start()
      tell(command.state)
    }

    function colour({ color, color_temp }: Command): void {
      if (color && color.h !== undefined) hsToRgb(color.h, color.s, rgb)
      else if (color) {
        rgb[0] = color.r
        rgb[1] = color.g
        rgb[2] = color.b
      } else if (color_temp) kelvinToRgb(color_temp, rgb)
    }

    function tell(isOn: string): void {
      const [r, g, b] = rgb.map(Math.round)
      const brightness = light.brightness()
      state.publish(JSON.stringify({ state: isOn, brightness, color_mode: "rgb", color: { r, g, b } }))
    }
  },
)
