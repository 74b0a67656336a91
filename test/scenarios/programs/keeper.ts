import { program } from "motewire"

/** Keeps its session with the broker, and leaves word should it vanish. */
export default program(
  {},
  ({ mqtt, log }) => {
    mqtt.subscribe("orders/#", (payload) => log(`order ${payload}`), 1)
  },
  { keepSession: true, will: () => ({ topic: "keeper/state", payload: "gone", qos: 1, retain: true }) },
)
