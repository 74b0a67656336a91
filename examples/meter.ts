import { input, program, will } from "motewire"
import { compactAndRestart } from "motewire/hal/espruino/compact"
import { keepInStorage } from "motewire/mqtt/persistence"
import { qos2 } from "motewire/mqtt/qos2"
import { mqtt5 } from "motewire/mqtt/v5/mqtt5"
import { respond } from "motewire/mqtt/v5/request"

/** A water meter: each pulse is told exactly once, whatever Wi-Fi and power do, and whoever asks is answered. */
export default program(
  { pulse: input() },
  ({ settings, mqtt }) => {
    const pulses = mqtt.topic("meter/pulse", { qos: 2 })
    let litres = 0

    settings.pulse.watch((isHigh) => {
      if (!isHigh) pulses.publish(`${++litres}`)
    })
    mqtt.subscribe("meter/ask", (_payload, _topic, packet) => respond(mqtt, packet, `${litres}`), 1)
  },
  {
    acks: qos2,
    keepSession: true,
    persistence: ({ storage, chip }) => keepInStorage(storage, chip.crc32, compactAndRestart),
    protocol: (clock) => mqtt5(clock, { sessionExpiryS: 86_400 }),
    will: (id) => will(`meter/${id}`, "gone", 1, true),
  },
)
