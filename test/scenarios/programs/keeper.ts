import { program, will } from "motewire"

/** Keeps its session with the broker, and leaves word should it vanish. */
export default program(
  {},
  ({ mqtt, log }) => {
    mqtt.subscribe("orders/#", (payload) => log(`order ${payload}`), 1)
  },
  { keepSession: true, will: () => will("keeper/state", "gone", 1, true) },
)
