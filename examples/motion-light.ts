import { input, output, program, seconds } from "motewire"
import { button } from "motewire/drivers/button"
import { pir } from "motewire/drivers/pir"

/**
 * A light that comes with motion and goes a while after it. A click turns it over, until the next motion or its end; a double click
 * leaves it as it is, whatever moves, and another one gives it back to the sensor; holding the button turns it off and leaves it so.
 */
export default program(
  { motion: input(), button: input(), light: output(), hold: seconds(30, 5) },
  ({ settings, mqtt, clock }) => {
    const state = mqtt.topic("hall/light", { qos: 1, retain: true })
    const mode = mqtt.topic("hall/light/mode", { qos: 1, retain: true })
    let isOn = false
    let isAutomatic = true

    pir(settings.motion, clock, settings.hold, (isMoving) => {
      mqtt.publish("hall/motion", isMoving ? "ON" : "OFF")
      if (isAutomatic) turn(isMoving)
    })
    button(settings.button, clock, {
      onClick: () => turn(!isOn),
      onDoubleClick: () => setAutomatic(!isAutomatic),
      onHold(times) {
        if (times) return
        setAutomatic(false)
        turn(false)
      },
    })
    turn(false)
    setAutomatic(true)

    function turn(isWanted: boolean): void {
      isOn = isWanted
      settings.light.write(isOn)
      state.publish(isOn ? "ON" : "OFF")
    }

    function setAutomatic(isWanted: boolean): void {
      isAutomatic = isWanted
      mode.publish(isAutomatic ? "automatic" : "by hand")
    }
  },
)
