import { E_FULL, E_STORAGE, E_TOO_BIG, FLAG_DUP, QOS1 } from "./constants"
import { byteAt, chr, u16, varint } from "./encode"
import type { Persistence, Session } from "./parts"

/** True unless the bundle speaks MQTT 3.1.1 alone. */
declare const __MQTT5__: boolean
/** True unless the bundle does without QoS 2. */
declare const __QOS2__: boolean
/** True unless the bundle speaks MQTT 5.0 alone. */
declare const __MQTT3__: boolean
/** True unless the bundle keeps nothing over a power loss. */
declare const __PERSISTENCE__: boolean

/** What happens to a message when every slot, or all the room, is taken. */
export const REFUSE = 0 // the new message is refused: publish returns E_FULL and the caller decides
export const DROP_OLDEST = 1 // the oldest that was never sent gives way (a dashboard prefers now to then); else as below
export const DROP_NEWEST = 2 // the new message is refused and counted as dropped
export type FullPolicy = typeof REFUSE | typeof DROP_OLDEST | typeof DROP_NEWEST

/**
 * Room for `slots` messages of at most `maxMessageBytes`: 1 to 12,000, since on a host an id whose two bytes are digits would
 * come before all others. Packet ids are the slots' numbers, so they are never 0, never in use twice and always small; the
 * one that rested longest is taken next [MQTT-2.3.1-1, -2].
 * Nothing is sent twice on one connection [MQTT-4.4.0-1], and what was ever sent stays until it is acknowledged.
 */
export function createSession(
  slots: number,
  maxMessageBytes: number,
  policy: FullPolicy,
  addAcks: (session: Session) => void,
  store?: Persistence,
): Session {
  const packets: Record<string, string> = __PERSISTENCE__ && store ? store.retrieve() : {}
  const free: string[] = []
  /** Ids that were not sent on this connection yet, in order; so many at the end were sent on none. */
  let waiting: string[] = []
  let fresh = 0
  /** When those of them that were never sent were accepted. */
  const heldMs: Record<string, number> = {}

  function finish(id: string, isPumping?: boolean): void {
    if (__PERSISTENCE__ && store) store.clear(id)
    free.push(id)
    if (waiting.length && !(__MQTT5__ && isPumping)) pump()
  }

  /** Every slot is taken: makes one free, if the policy lets it. */
  function makeRoom(): boolean {
    if (policy) session.dropped++
    if (policy !== DROP_OLDEST || !fresh) return false
    const id = waiting.splice(waiting.length - fresh--, 1)[0]!
    delete packets[id]
    if (__MQTT5__) delete heldMs[id]
    finish(id)
    return true
  }

  /** Sends what waits while the socket takes it. */
  function pump(): void {
    const { _socket } = session
    while (
      _socket &&
      waiting.length &&
      !(__MQTT5__ && slots - free.length - waiting.length >= session._quota!) &&
      !session._isBusy!()
    ) {
      const isFresh = waiting.length === fresh
      const id = waiting.shift()!
      if (isFresh) fresh--
      let packet = packets[id]
      if (__MQTT5__ && packet && (!__MQTT3__ || session._revise)) {
        packet = packets[id] = session._revise!(packet, heldMs[id]!)
        delete heldMs[id]
        // Refused, or of QoS 0: nobody will acknowledge it.
        if (packet < QOS1) {
          delete packets[id]
          finish(id, true)
        }
      }
      // A resend has DUP set [MQTT-3.3.1-1].
      if (packet)
        _socket.write(
          isFresh || (__MQTT5__ && packet < QOS1) ? packet : chr(byteAt(packet, 0) | FLAG_DUP) + packet.substr(1),
        )
    }
  }

  const session = {
    pending: () => slots - free.length,
    dropped: 0,
    _packets: packets,
    _finish: finish,
    _release(id) {
      // A message that was never sent cannot have been acknowledged. One that waits to be sent again may be; without QoS 2 that is
      // passed over, and comes again: it costs fewer bytes.
      if (__QOS2__ ? session._claimSent!(id) : packets[id] && !waiting.includes(id)) {
        delete packets[id]
        finish(id)
      }
    },
    _topic(firstByte, encoded, tail) {
      const bytes = encoded.length + (__MQTT5__ ? tail.length + 2 : 2)
      return {
        publish(payload) {
          // What is common stands here and not in a call: see client.ts.
          const rest = bytes + payload.length
          if (rest > maxMessageBytes) return E_TOO_BIG
          if (__MQTT5__ && rest > session._maxBytes!) return E_TOO_BIG
          if (!free.length && !makeRoom()) return E_FULL
          const isHeld = __MQTT5__ && (slots - free.length >= session._quota! || session._isLimited)
          const id = free.shift()!
          // For good: a client does not find out twice.
          if (__MQTT3__ && __QOS2__ && session._isLowered) firstByte = 0x32 | (firstByte & 1)
          const packet = (packets[id] =
            (rest < 128 ? chr(firstByte, rest) : chr(firstByte) + varint(rest)) +
            encoded +
            id +
            (__MQTT5__ ? tail + payload : payload))
          if (__PERSISTENCE__ && store && !store.store(id, packet)) {
            delete packets[id]
            free.push(id)
            return E_STORAGE
          }
          if (isHeld || waiting.length || !session._socket || session._socket.dSnd) {
            waiting.push(id)
            fresh++
            if (__MQTT5__ && (!__MQTT3__ || session._nowMs)) {
              heldMs[id] = session._nowMs!()
              if (session._isLimited) pump()
            }
          } else session._socket.write(packet)
          return 1
        },
      }
    },
    _up(socket, isResumed) {
      session._socket = socket
      if (__QOS2__) {
        waiting = []
        if (session._resume) session._resume(socket, isResumed)
      }
      waiting = Object.keys(packets)
      if (!isResumed) fresh = waiting.length
    },
    _pump: pump,
  } as Session
  if (__PERSISTENCE__) session._store = store

  // What was kept may have ids of a time with more slots, and be more than there are.
  const used = __PERSISTENCE__ ? Object.keys(packets).filter((key) => key.length < 3).length : 0
  if (__PERSISTENCE__) slots = Math.max(slots, used)
  for (let slot = 1; __PERSISTENCE__ ? free.length + used < slots : slot <= slots; slot++)
    if (!__PERSISTENCE__ || !packets[u16(slot)]) free.push(u16(slot))
  if (__QOS2__)
    session._claimSent = (id) => {
      const at = waiting.indexOf(id)
      // Mosquitto says PUBREC again as soon as it resumes a session: then what was to go out again need not.
      return packets[id] && at < waiting.length - fresh && (at < 0 || waiting.splice(at, 1))
    }
  addAcks(session)
  return session
}
