import { flag, program, REFUSE } from "motewire"

/** `<number>` on `go` makes it send itself so many messages, at QoS 0 and 1, prepared and not; it tells when all are back. */
export default program(
  { wildcards: flag() },
  ({ settings, mqtt, log }) => {
    const prepared = [mqtt.topic("traffic/0"), mqtt.topic("traffic/1", { qos: 1 })]
    let toSend = 0
    let toReceive = 0

    mqtt.subscribe("traffic/0", onBack)
    mqtt.subscribe(settings.wildcards ? "+/1" : "traffic/1", onBack, 1)
    mqtt.subscribe("go", (count) => {
      toSend = toReceive = parseInt(count)
      fillWindow()
    })

    function onBack(): void {
      if (!--toReceive) log("all back")
      fillWindow()
    }

    /** So few under way that neither the socket nor the queue fills up. */
    function fillWindow(): void {
      while (toSend && toReceive - toSend < 20 && send() >= 0) toSend--
    }

    function send(): number {
      if (toSend % 4 < 2) return prepared[toSend % 2]!.publish("21.4")
      return mqtt.publish(toSend % 2 ? "traffic/1" : "traffic/0", "21.4", toSend % 2 ? { qos: 1 } : undefined)
    }
  },
  { maxQueued: 32, whenFull: REFUSE, keepAliveS: 2 },
)
