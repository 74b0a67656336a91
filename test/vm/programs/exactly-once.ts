import { number, program, REFUSE, seconds } from "motewire"
import type { ProgramOptions } from "motewire"

/** Publishes 1, 2, 3 ... at QoS 2 as its queue takes them, and says what it hears at QoS 2. */
export const exactlyOnce = (options: ProgramOptions) =>
  program(
    { total: number(300), period: seconds(0.1) },
    ({ settings, mqtt, every, log }) => {
      const topic = mqtt.topic("out", { qos: 2 })
      let count = 0
      every(settings.period, () => {
        if (count < settings.total && topic.publish(`${count + 1}`) >= 0) count++
      })
      mqtt.subscribe("in", (payload) => log("heard " + payload), 2)
    },
    // Mosquitto 2.0 loses messages of a client that has more than 20 on their way.
    Object.assign({ keepSession: true, maxQueued: 16, whenFull: REFUSE }, options),
  )
