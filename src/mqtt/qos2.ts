import {
  DOWN_TOO_MANY,
  E_LOWER_QOS,
  E_SESSION_LOST,
  E_STORAGE,
  PUBACK_HEADER,
  PUBCOMP_HEADER,
  PUBREC_HEADER,
  PUBREL_HEADER,
} from "./constants"
import { byteAt, chr, topicOf } from "./encode"
import type { Session } from "./parts"

/** True unless the bundle speaks MQTT 3.1.1 alone. */
declare const __MQTT5__: boolean
declare const __PERSISTENCE__: boolean
declare const __SLICES__: boolean
/** False in a bundle that speaks MQTT 5.0 alone, where a broker without QoS 2 must say so [MQTT-3.2.2-9]. */
declare const __MQTT3__: boolean

/** In front of the packet id of a message from the broker, where a session is kept. */
const RECEIVED = "<"

/**
 * Messages that a broker may have under way at QoS 2; more end the connection. Mosquitto 2.0.11 keeps to no limit, its own or
 * MQTT 5's: to a client that was away it sends all that waits at once, by default up to 1,000 messages.
 */
export const MAX_RECEIVED = 1024

/**
 * A broker without QoS 2 may close the connection at such a message, and would for ever. When it has closed so many in a row
 * and never answered one, they go out at QoS 1 from then on.
 */
const MAX_REFUSALS = 3

/**
 * QoS 1 and 2 (clause 4.3): exactly once, across reconnects and, with persistence, across power loss. For `createSession`.
 * The id of a message that came in is kept before its handler runs: it never runs twice, and a power loss
 * just between the two is as one right after the handler.
 */
export function qos2(session: Session): void {
  const { _packets, _store, _finish } = session
  /** Ids of our messages that the broker has, in the order it said so [MQTT-4.6.0-4], until it completes them. */
  const released: Record<string, 1> = {}
  /**
   * Ids of the broker's messages that it has not released yet: coming again, they are duplicates. A thousand take 340 blocks in a
   * string, as keys 4,000. In base64 each is four characters, of which only the last is "=": none is found across two others.
   */
  let received = ""
  /** Connections that the broker closed with QoS 2 messages unanswered; NaN once it has answered one. */
  let refusals = 0

  const isQos2 = (id: string) => _packets[id] && byteAt(_packets[id], 0) & 4
  const tell = (id: string) => session._events!.onTrouble(E_LOWER_QOS, topicOf(_packets[id]!))

  if (__MQTT3__)
    session._onClose = () => {
      const unanswered = Object.keys(_packets).filter(isQos2)
      if (!(__MQTT5__ && session._revise) && unanswered.length && ++refusals === MAX_REFUSALS) {
        session._isLowered = true
        for (const id of unanswered) {
          tell(id)
          _packets[id] = chr(byteAt(_packets[id]!, 0) - 2) + _packets[id]!.substr(1)
        }
      }
    }
  // What was kept over a power loss.
  if (__PERSISTENCE__)
    for (const key of Object.keys(_packets))
      if (key[0] === RECEIVED && key.length > 2) {
        const id = btoa(key.substr(1))
        received += id
        delete _packets[key]
      } else if (_packets[key]!.startsWith(PUBREL_HEADER)) {
        released[key] = 1
        delete _packets[key]
      }

  session._resume = (socket, isResumed) => {
    for (const id of Object.keys(released))
      if (isResumed) socket.write(PUBREL_HEADER + id)
      else {
        // Which message it was went with the PUBREC: to keep its topic would make that 55 blocks dearer.
        session._events!.onTrouble(E_SESSION_LOST, "")
        delete released[id]
        _finish(id)
      }
    if (!isResumed) {
      if (__PERSISTENCE__ && _store)
        for (let at = 0; at < received.length; at += 4) _store.clear(RECEIVED + atob(received.substr(at, 4)))
      received = ""
    }
  }
  if (__SLICES__) session._isDuplicate = (id) => id && received.includes(btoa(id))
  // The first byte of a PUBLISH at QoS 3.
  session._tooHigh = "6"
  session._accept = (socket, packet, id) => {
    // By the QoS: a duplicate's first byte is 8 more.
    if (!(packet.charCodeAt(0) & 4)) {
      socket.write(PUBACK_HEADER + id)
      return true
    }
    const key = btoa(id)
    const isNew = !received.includes(key)
    if (isNew && received.length >= 4 * ((__MQTT5__ && session._maxReceived) || MAX_RECEIVED))
      return session._drop!(DOWN_TOO_MANY)
    if (__PERSISTENCE__ && isNew && _store && !_store.store(RECEIVED + id, "1")) {
      // Not acknowledged: the broker sends it again on the next connection.
      session._events!.onTrouble(E_STORAGE, topicOf(packet))
      return false
    }
    // A socket that its peer has closed throws before it tells: then the message comes again, and it is new.
    socket.write(PUBREC_HEADER + id)
    if (isNew) received += key
    return isNew
  }
  session._reply = (socket, packet) => {
    const header = packet.substr(0, 2)
    const id = packet.substr(2)
    if (header === PUBREC_HEADER) {
      if (session._claimSent!(id)) {
        // Without room for this, the message goes out again on the next connection.
        if (__PERSISTENCE__ && _store && !_store.store(id, PUBREL_HEADER + id)) return true
        released[id] = 1
        delete _packets[id]
        // This broker knows QoS 2: no count reaches any limit again.
        if (__MQTT3__) refusals = NaN
      }
      // An id that is not known is answered as well: the broker waits for it.
      socket.write(PUBREL_HEADER + id)
    } else if (header === PUBCOMP_HEADER) {
      if (released[id]) {
        delete released[id]
        _finish(id)
      }
    } else if (header === PUBREL_HEADER) {
      const before = received
      received = received.replace(btoa(id), "")
      if (__PERSISTENCE__ && _store && received !== before) _store.clear(RECEIVED + id)
      socket.write(PUBCOMP_HEADER + id)
    } else if (header === PUBACK_HEADER) {
      // Some brokers take it so, and that ends it.
      if (__MQTT3__ && isQos2(id)) tell(id)
      session._release(id)
    } else return false
    return true
  }
}
