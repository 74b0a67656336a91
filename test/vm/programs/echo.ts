import { program } from "motewire"

/** Sends whatever comes in under `in/` back under `out/`, by every way a message can take through the client. */
export default program(
  {},
  ({ mqtt }) => {
    const prepared = mqtt.topic("out/prepared")
    mqtt.subscribe("in/plain", (payload) => mqtt.publish("out/plain", payload))
    mqtt.subscribe("in/prepared", (payload) => prepared.publish(payload))
    mqtt.subscribe(
      "in/many/#",
      (payload, topic) => mqtt.publish("out/" + topic.substr(3), payload, { qos: 1, retain: true }),
      1,
    )
  },
  { maxMessageBytes: 1024 },
)
