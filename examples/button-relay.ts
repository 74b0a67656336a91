import { input, output, program } from "motewire"

export default program({ button: input(), relay: output() }, ({ settings, mqtt, warn }) => {
  const state = mqtt.topic("workshop/relay", { qos: 1, retain: true })
  let isOn = false

  settings.button.watch((isHigh) => {
    if (!isHigh) turn(!isOn)
  })
  mqtt.subscribe("workshop/relay/set", (payload) => {
    if (payload === "ON" || payload === "OFF") turn(payload === "ON")
    else if (payload === "TOGGLE") turn(!isOn)
    else warn(`relay: cannot set "${payload}"`)
  })
  turn(false)

  function turn(isWanted: boolean): void {
    isOn = isWanted
    settings.relay.write(isOn)
    state.publish(isOn ? "ON" : "OFF")
  }
})
