import { number, program, seconds, text } from "motewire"

/** Publishes 1, 2, 3 ... at QoS 1, whatever the broker does meanwhile. */
export default program(
  { topic: text("numbered"), total: number(300), period: seconds(0.1) },
  ({ settings, mqtt, every, log }) => {
    const topic = mqtt.topic(settings.topic, { qos: 1 })
    let count = 0
    let refused = 0

    every(settings.period, () => {
      if (count >= settings.total) return
      if (topic.publish(`${++count}`) < 0) refused++
      if (count === settings.total) log(`published ${count}, refused ${refused}`)
    })
  },
  { maxQueued: 300 },
)
