import { PUBACK_HEADER } from "./constants"
import type { Session } from "./parts"

/** QoS 1 (clause 4.3.2): at least once. For `createSession`. */
export function qos1(session: Session): void {
  // The first byte of a PUBLISH at QoS 2.
  session._tooHigh = "4"
  session._accept = (socket, _, id) => {
    socket.write(PUBACK_HEADER + id)
    return true
  }
  session._reply = (_, packet) => {
    if (!packet.startsWith(PUBACK_HEADER)) return false
    session._release(packet.substr(2))
    return true
  }
}
