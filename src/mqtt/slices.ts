import type { Handler, MqttClient, SubscribeOptions } from "./contract"
import { byteAt } from "./encode"
import type { Five, Session, Slices, Subscription } from "./parts"
import { topicMatches } from "./topic"

declare const __FIVE__: boolean

/**
 * A part of a payload, which starts at byte `offset` of `total`. `id` is the same for all slices of one message: its packet
 * id, or 0 at QoS 0. When the connection is lost in between, the rest never comes; at QoS 1 and 2 the broker sends the
 * message again, from offset 0.
 */
export type SliceHandler = (slice: string, topic: string, id: number, offset: number, total: number) => void

export interface SlicedSubscriptions extends Slices {
  /**
   * Subscribes to messages of any size, and returns what `mqtt.subscribe` returns. One of up to `maxPacketBytes` comes as one
   * slice; of a larger one the first has about so many bytes and the next as many as the socket brings at a time. QoS 1
   * and 2 are acknowledged after the last.
   */
  subscribe(
    mqtt: Pick<MqttClient, "subscribe">,
    filter: string,
    onSlice: SliceHandler,
    qos?: 0 | 1 | 2,
    options?: SubscribeOptions,
  ): number
}

type SlicedHandler = Handler & { _isSliced?: boolean }

/** For `createMqtt`: hands on in slices what is larger than `maxPacketBytes`. Holds one slice, and who takes it. */
export function slices(): SlicedSubscriptions {
  let hand: Parameters<Slices["_attach"]>[0]
  let session: Session | undefined
  let five: Five | undefined
  /** The message that is under way: who takes it, all of it up to the payload, and how much of that was handed on. */
  let takers: Subscription[] = []
  let head = ""
  let topic = ""
  let id = ""
  let offset = 0
  let total = 0

  function end(): void {
    takers = []
    offset = total = 0
  }

  function more(slice: string): void {
    // A handler may hang up.
    for (const taker of takers) if (total) hand(taker, slice, topic, head)
    offset += slice.length
    if (!total || offset < total) return
    end()
    if (id) session!._accept(session!._socket!, head, id)
  }

  return {
    subscribe(mqtt, filter, onSlice, qos, options) {
      const run: SlicedHandler = (payload, name, packet) =>
        onSlice(payload, name, idOf(packet), offset, total || payload.length)
      run._isSliced = true
      return mqtt.subscribe(filter, run, qos, options)
    },
    _attach(toHand, toSession, toFive) {
      hand = toHand
      session = toSession
      five = toFive
    },
    _begin(subscriptions, packet, payloadAt, name, packetId, missing) {
      // What stands before the payload is not all there, or it was handed on on another connection.
      if (payloadAt > packet.length || (session && session._isDuplicate && session._isDuplicate(packetId))) return false
      for (const subscription of subscriptions)
        if (
          (subscription._run as SlicedHandler)._isSliced &&
          topicMatches(subscription._filter, name) &&
          (!__FIVE__ || five!._isFor(subscription, packet))
        )
          takers.push(subscription)
      if (!takers.length) return false
      head = packet.substr(0, payloadAt)
      topic = name
      id = packetId
      total = packet.length - payloadAt + missing
      more(packet.substr(payloadAt))
      return true
    },
    _more: more,
    _end: end,
  }
}

/** The packet id in a PUBLISH, or in its start (clause 3.3.2). */
function idOf(packet: string): number {
  let at = 1
  while (byteAt(packet, at++) > 127);
  at += 2 + u16At(packet, at)
  return byteAt(packet, 0) & 6 ? u16At(packet, at) : 0
}

const u16At = (bytes: string, at: number): number => byteAt(bytes, at) * 256 + byteAt(bytes, at + 1)
