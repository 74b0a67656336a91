import { program } from "motewire"
import { will5, mqtt5 } from "motewire/mqtt/v5/mqtt5"
import { contentType, responseTopic, correlationData } from "motewire/mqtt/v5/message"
import { brokers } from "motewire/net/brokers"

/** Speaks MQTT 5: answers requests, publishes by alias, and goes where a broker sends it. */
export default program(
  {},
  ({ mqtt, every, log }) => {
    const ticks = mqtt.topic("five/ticks", { alias: true, properties: { contentType: "text/plain" } })
    let count = 0
    every(10_000, () => ticks.publish("" + ++count))
    mqtt.subscribe(
      "five/ask",
      (payload, _, packet) => {
        log(`asked ${payload}, ${contentType(packet)}`)
        const properties = { correlationData: correlationData(packet) || "" }
        mqtt.publish(responseTopic(packet)!, payload + "!", { qos: 1, properties })
      },
      1,
      { noLocal: true },
    )
    mqtt.subscribe("forbidden/#", () => log("forbidden"))
  },
  {
    keepSession: true,
    protocol: (clock) => mqtt5(clock, { sessionExpiryS: 60, topicAliasMaximum: 4 }),
    will: () => will5("five/state", "gone", { retain: true, delayS: 30 }),
    brokers,
  },
)
