import { program } from "motewire"
import { webSocket } from "motewire/net/websocket"

/** Speaks MQTT over WebSocket. */
export default program({}, ({ mqtt, every }) => every(5000, () => mqtt.publish("web/alive", "yes")), {
  network: ({ network, chip }) => webSocket(network, chip.random),
})
