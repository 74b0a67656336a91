import { flag, program, REFUSE } from "motewire"

/** `<number>` on `go` makes it publish so many messages to itself, at QoS 0 and 1, prepared and not, and tell when all are back. */
export default program(
  { wildcards: flag() },
  ({ settings, mqtt, every, log }) => {
    const prepared = [mqtt.topic("traffic/0"), mqtt.topic("traffic/1", { qos: 1 })]
    let toSend = 0
    let toReceive = 0

    mqtt.subscribe("traffic/0", onBack)
    mqtt.subscribe(settings.wildcards ? "+/1" : "traffic/1", onBack, 1)
    mqtt.subscribe("go", (count) => (toSend = toReceive = parseInt(count)))

    function onBack(): void {
      if (!--toReceive) log("all back")
    }

    every(5, () => {
      // A window, so that neither the socket nor the queue fills up.
      while (toSend && toReceive - toSend < 20 && send() >= 0) toSend--
    })

    function send(): number {
      if (toSend % 4 < 2) return prepared[toSend % 2]!.publish("21.4")
      return mqtt.publish(toSend % 2 ? "traffic/1" : "traffic/0", "21.4", toSend % 2 ? { qos: 1 } : undefined)
    }
  },
  { maxQueued: 32, whenFull: REFUSE, keepAliveS: 2 },
)
