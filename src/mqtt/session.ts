import { E_FULL, E_TOO_BIG, FLAG_DUP } from "./constants"
import { chr, remainingLength } from "./encode"

/** What happens to a message when every slot, or all the room, is taken. */
export const REFUSE = 0 // the new message is refused: publish returns E_FULL and the caller decides
export const DROP_OLDEST = 1 // the oldest that was never sent gives way (a dashboard prefers now to then); else as below
export const DROP_NEWEST = 2 // the new message is refused and counted as dropped
export type FullPolicy = typeof REFUSE | typeof DROP_OLDEST | typeof DROP_NEWEST

/** Integers up to here stand in their variable on every ESP32 chip (C3: 11 bits); above, each would take a block. */
const MAX_ID = 2047

/** The QoS 1 messages on their way to the broker. What starts with an underscore is between client and session. */
export interface Session {
  /** Messages not yet acknowledged. */
  pending(): number
  /** Messages that gave way because of the policy since this was last asked. */
  dropped(): number
  /** An id that no message of this queue has: 1 to 2,047, round and round [MQTT-2.3.1-1, -2]. */
  _nextId(): number
  /**
   * Accepts a message whose remaining length is `rest`. Returns its packet when nothing waits before it: send it now, or
   * `_hold` it. 1 when it waits its turn, E_FULL when it could not be kept, or E_TOO_BIG.
   */
  _add(firstByte: number, rest: number, encodedTopic: string, payload: string): string | number
  /** The packet that `_add` just returned cannot be sent now. Returns 1. */
  _hold(): 1
  /** The next packet that waits, or undefined. A resend has DUP set [MQTT-3.3.1-1]. */
  _next(): string | undefined
  /** PUBACK came. An id that is not in flight is ignored. */
  _acknowledge(id: number): void
  /** A new connection: all that is unacknowledged goes out again, in order; as new when the broker kept no session. */
  _reconnect(isResumed: boolean): void
}

/**
 * A queue of at most `maxMessages` encoded packets of at most `maxMessageBytes`, in the order they were published.
 * Pure: no socket, no clock. Nothing is sent twice on one connection [MQTT-4.4.0-1], and what was ever sent stays
 * until its PUBACK.
 */
export function createSession(maxMessages: number, maxMessageBytes: number, policy: FullPolicy): Session {
  /** id, packet, id, packet ...: one list, because one push costs less than two. */
  const queue: (number | string)[] = []
  const maxEntries = maxMessages * 2
  /** So many at the end of the queue were not sent on this connection yet, and so many of them on none. */
  let waiting = 0
  let fresh = 0
  let lastId = 0
  let dropped = 0

  function hold(): 1 {
    waiting++
    fresh++
    return 1
  }

  function nextId(): number {
    do lastId = (lastId % MAX_ID) + 1
    while (queue.includes(lastId))
    return lastId
  }

  return {
    pending: () => queue.length / 2,
    dropped() {
      const since = dropped
      dropped = 0
      return since
    },
    _nextId: nextId,
    _hold: hold,
    _add(firstByte, rest, encodedTopic, payload) {
      if (rest > maxMessageBytes) return E_TOO_BIG
      if (queue.length >= maxEntries) {
        if (policy) dropped++
        if (policy !== DROP_OLDEST || !fresh) return E_FULL
        queue.splice(queue.length - fresh * 2, 2)
        fresh--
        waiting--
      }
      // Here and not in a call: see client.ts.
      lastId = (lastId % MAX_ID) + 1
      if (queue.includes(lastId)) nextId()
      const packet =
        (rest < 128 ? chr(firstByte, rest) : chr(firstByte) + remainingLength(rest)) +
        encodedTopic +
        chr(lastId >> 8, lastId & 255) +
        payload
      queue.push(lastId, packet)
      return waiting ? hold() : packet
    },
    _next() {
      if (!waiting) return
      const packet = queue[queue.length - waiting * 2 + 1] as string
      if (waiting-- > fresh) return chr(packet.charCodeAt(0) | FLAG_DUP) + packet.substr(1)
      fresh = waiting
      return packet
    },
    _acknowledge(id) {
      const at = queue.indexOf(id)
      if (at >= 0 && at < queue.length - waiting * 2) queue.splice(at, 2)
    },
    _reconnect(isResumed) {
      waiting = queue.length / 2
      if (!isResumed) fresh = waiting
    },
  }
}
