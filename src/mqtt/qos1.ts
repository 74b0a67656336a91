import { PUBACK_HEADER } from "./constants"
import { byteAt, chr } from "./encode"
import type { Session } from "./parts"

declare const __PERSISTENCE__: boolean

/** QoS 1 (clause 4.3.2): at least once. For `createSession`. */
export function qos1(session: Session): void {
  // A program that was made with `qos2` may have left more: its messages go out at QoS 1, the rest is over.
  if (__PERSISTENCE__)
    for (const id of Object.keys(session._packets)) {
      const packet = session._packets[id]!
      if (packet >= "4" && packet < "6") session._packets[id] = chr(byteAt(packet, 0) - 2) + packet.substr(1)
      else if (packet < "2" || packet >= "4") {
        delete session._packets[id]
        if (id.length < 3) session._finish(id)
        else session._store!.clear(id)
      }
    }
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
