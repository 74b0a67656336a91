import { program } from "motewire"
import { openTls } from "motewire/hal/espruino/tls"

/** Speaks MQTT over TLS. */
export default program({}, ({ mqtt, every }) => every(5000, () => mqtt.publish("secure/alive", "yes")), {
  network: () => openTls(),
})
