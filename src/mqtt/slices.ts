import type { Handler, MqttClient, SubscribeOptions } from "./contract"
import { byteAt } from "./encode"
import type { Five, Session, Slices, Subscription } from "./parts"
import { topicMatches } from "./topic"

declare const __FIVE__: boolean

/**
 * A part of a payload, which starts at byte `offset` of `total`. `id` is the same for all slices of one message: its packet
 * id, or 0 at QoS 0 and when there is only one. When the connection is lost in between, the rest never comes; at QoS 1 and 2 the broker sends the
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
  /** The message that is under way: who takes it, its first byte, and how much of its payload was handed on. */
  let takers: Subscription[] = []
  let head = ""
  let topic = ""
  let id = ""
  let number = 0
  let offset = 0
  let total = 0

  function end(): void {
    takers = []
    number = offset = total = 0
  }

  function more(slice: string): void {
    // A handler may hang up. And what is passed over comes here too.
    for (const taker of takers) if (total) hand(taker, slice, topic, head)
    if (!total || (offset += slice.length) < total) return
    end()
    if (id) session!._accept(session!._socket!, head, id)
  }

  return {
    subscribe(mqtt, filter, onSlice, qos, options) {
      const run: SlicedHandler = (payload, name) => onSlice(payload, name, number, offset, total || payload.length)
      run._isSliced = true
      return mqtt.subscribe(filter, run, qos, options)
    },
    _attach(toHand, toSession, toFive) {
      hand = toHand
      session = toSession
      five = toFive
    },
    _begin(subscriptions, packet, payloadAt, name, packetId, missing) {
      const bytes = packet.length - payloadAt + missing
      // What stands before the payload is not all there, or it is empty, or was handed on on another connection.
      if (payloadAt > packet.length || !bytes || (session && session._isDuplicate && session._isDuplicate(packetId)))
        return false
      for (const subscription of subscriptions)
        if (
          (subscription._run as SlicedHandler)._isSliced &&
          topicMatches(subscription._filter, name) &&
          (!__FIVE__ || five!._isFor(subscription._asked!.id, packet))
        )
          takers.push(subscription)
      if (!takers.length) return false
      head = packet[0]!
      topic = name
      id = packetId
      if (id) number = byteAt(id, 0) * 256 + byteAt(id, 1)
      total = bytes
      if (packet[payloadAt]) more(packet.substr(payloadAt))
      return true
    },
    _more: more,
    _end: end,
  }
}
