import type { Socket } from "../../../src/hal/socket"
import { createMqtt } from "../../../src/mqtt/client"
import { createSession, DROP_OLDEST } from "../../../src/mqtt/session"

/** Hands a client on a script's own socket to that script: bundles shorten names, so the wiring stands in here. */
export default () => {
  ;(globalThis as unknown as Record<string, unknown>)["connect"] = (socket: Socket) => {
    const alarm = { set() {}, clear() {} }
    const events = { onUp() {}, onDown() {}, onTrouble() {} }
    const options = {
      clientId: "bench",
      keepAliveS: 60,
      maxPacketBytes: 1024,
      maxUnsentBytes: 2048,
      maxSubscriptions: 8,
    }
    const clock = { nowMs: () => 0, alarm: () => alarm }
    const client = createMqtt({ connect: () => socket }, clock, createSession(8, 512, DROP_OLDEST), events, options)
    client.open("127.0.0.1", 1883)
    return client
  }
}
