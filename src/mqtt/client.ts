import type { Clock } from "../hal/clock"
import type { Network, Socket } from "../hal/socket"
import * as C from "./constants"
import type { MqttClient, MqttEvents, MqttOptions, PreparedTopic, PublishOptions } from "./contract"
import { byteAt, chr, connectPacket, field, frame, u16, u16At, varint } from "./encode"
import type { Five, Session, Slices, Subscription } from "./parts"
import { NOT_A_FILTER, NOT_A_NAME, refuseIf, topicMatches } from "./topic"

/** True unless the bundle does without this part: then what only that part needs is not in the bundle either. */
declare const __SESSION__: boolean
declare const __QOS2__: boolean
/** True unless the bundle speaks MQTT 5.0 alone. */
declare const __MQTT3__: boolean
/** On the chip a bundle speaks one version, which is known when it is built; where it does not, this is the variable `five`. */
declare const __FIVE__: boolean
declare const __SLICES__: boolean
declare const __UNSUBSCRIBE__: boolean
declare const __UTF8__: boolean

const CONNACK_DEADLINE_MS = 10000
/**
 * Packet ids of SUBSCRIBE are 0x7F00 and up, of UNSUBSCRIBE 0x9F00: apart, and above all that a session gives to messages
 * [MQTT-2.3.1-2]. The high byte is so much below the first byte of the request (0x82, 0xA2), or of its answer (0x90, 0xB0).
 */
const REQUEST_TO_ID = 3
const ANSWER_TO_ID = 17

/**
 * Makes a client. It speaks MQTT 3.1.1, or 5.0 with `five`; QoS 0, or more with a `session`; and what is larger than
 * `maxPacketBytes` it passes over, or hands on in `slices`. It holds what `options` and the session's limits name, plus
 * one packet that is not whole. It is one function, and long because its state is this function's variables: each use of a
 * member would cost five bytes more.
 */
export function createMqtt(
  network: Network,
  clock: Clock,
  events: MqttEvents,
  options: MqttOptions,
  session?: Session,
  five?: Five,
  slices?: Slices,
): MqttClient {
  const subscriptions: Subscription[] = []
  let maxBytes = options.maxPacketBytes
  let pingMs = options.keepAliveS * 500
  // Three states of a connection, each within the one before: `line` is set from the moment it is dialled, `socket` is the
  // same while the broker accepts packets on it, and `isBetween` is true while the stream stands between two packets then.
  let line: Socket | undefined
  let socket: Socket | undefined
  let isBetween: unknown
  /** Bytes of a packet that is not whole yet, and how many are still to pass over of one that is too large. */
  let rest: string
  let skip: number
  let isAwaitingPong: boolean | undefined
  let hasWildcards: unknown

  // A ping every half keep-alive, however busy the line: on Wi-Fi loss the chip's sockets say nothing, only the missing
  // answer does. So a dead link is noticed within one keep-alive, and a slow chip still meets the broker's one and a half.
  const alarm = clock.alarm(() => {
    if (!socket || isAwaitingPong) return drop(socket ? C.DOWN_NO_PINGRESP : C.DOWN_NO_CONNACK)
    isAwaitingPong = true
    alarm.set(pingMs)
    socket.write(C.PINGREQ_BYTES)
  })

  /** Without a reason nobody is told. */
  function drop(reason: number): void {
    const old = line
    // Malformed Packet (table 2-6).
    if (__FIVE__ && socket && reason === C.DOWN_MALFORMED) socket.write("\xE0\x01\x81")
    socket = line = isBetween = undefined
    if (__SESSION__ && session) session._socket = undefined
    if (__SLICES__ && slices) slices._end()
    alarm.clear()
    if (old) {
      old.removeAllListeners()
      old.end()
      if (reason) events.onDown(reason)
    }
  }

  // Firmware may have queued the "close" of a socket that was replaced meanwhile.
  function onClose(this: unknown): void {
    if (this !== line) return
    if (__MQTT3__ && __QOS2__ && socket && session && session._onClose) session._onClose()
    drop(C.DOWN_CLOSED_BY_PEER)
  }

  const isBusy = () => socket!.dSnd && socket!.dSnd.length > options.maxUnsentBytes
  if (__SESSION__ && session) {
    session._isBusy = isBusy
    if (__MQTT3__) session._drop = drop
    if (__QOS2__) session._events = events
  }
  if (__SLICES__ && slices) {
    slices._attach(hand, session, five)
    if (__FIVE__) five!._hasSlices = true
  }
  if (__FIVE__)
    five!._attach({
      _session: session,
      _options: options,
      _events: events,
      _drop: drop,
      _write(packet) {
        if (line) line.write(packet)
      },
      _limit(toPingMs, toBytes) {
        pingMs = toPingMs
        maxBytes = toBytes
      },
    })
  /** The first byte of the first kind of PUBLISH that was never asked for. */
  const tooHigh = __SESSION__ && session ? session._tooHigh : C.QOS1
  /** What follows the topic, or the packet id, of a PUBLISH without properties. */
  const plainTail = __FIVE__ ? "\0" : ""

  /** SUBSCRIBE or UNSUBSCRIBE (clauses 3.8, 3.10), one filter a packet, so that each answer names its filter. */
  function request(subscription: Subscription): void {
    const isOver = __UNSUBSCRIBE__ && subscription._qos < 0
    const first = isOver ? C.UNSUBSCRIBE : C.SUBSCRIBE
    const rest = __FIVE__
      ? five!._request(subscription)
      : isOver
        ? subscription._encoded
        : subscription._encoded + chr(subscription._qos)
    if (!__FIVE__ || rest)
      socket!.write(frame(first, u16(256 * (first - REQUEST_TO_ID) + subscriptions.indexOf(subscription)) + rest))
  }

  function topic(name: string, options?: PublishOptions): PreparedTopic {
    // To bit operators what is absent is 0, and true is 1, the retain flag.
    const firstByte = options ? C.PUBLISH | (options.qos! << 1) | (options.retain as unknown as number) : C.PUBLISH
    refuseIf(NOT_A_NAME.test(name) || chr(firstByte) >= tooHigh, name)
    const tail = __FIVE__ ? five!._tail(options) : ""
    if (__SESSION__ && session && firstByte >= 0x32) return session._topic(firstByte, field(name), tail)
    const encoded = __FIVE__ ? field(name) + tail : field(name)
    const isAliased = __FIVE__ && options && options.alias
    let bytes = encoded.length
    // An alias is a property of three bytes.
    if (isAliased) bytes += 3
    return {
      publish(payload) {
        // What is common stands here and not in a call: on the interpreter a call costs as much as building the packet.
        const rest = bytes + payload.length
        if (rest > maxBytes) return C.E_TOO_BIG
        if (!socket) return C.E_OFFLINE
        if (socket.dSnd && isBusy()) return C.E_FULL
        if (__FIVE__ && firstByte > 0x30 && five!._allowed(firstByte) < firstByte) return C.E_NOT_SUPPORTED
        if (isAliased) {
          socket.write(frame(firstByte, five!._alias(name, options) + payload))
          return 0
        }
        socket.write((rest < 128 ? chr(firstByte, rest) : chr(firstByte) + varint(rest)) + encoded + payload)
        return 0
      },
    }
  }

  /**
   * Bytes from the socket, or one packet cut out of them whose variable header starts at `wholeAt`. What is common stands
   * here and not in a call: short new messages for exact filters, acknowledgements, PINGRESP.
   */
  function receive(bytes: string, wholeAt?: number): void {
    /** Where the payload starts, once a filter matched; 1 behind a PINGRESP. */
    let at = 0
    if (isBetween)
      if (bytes < tooHigh) {
        // Below 130 bytes, a packet's second byte is its whole remaining length; and 128 are never too large.
        if (!hasWildcards && bytes.charCodeAt(1) + 2 === bytes.length && bytes.length < 129 && bytes >= "0")
          for (const subscription of subscriptions)
            if (bytes.startsWith(subscription._encoded, 2)) {
              if (!at) {
                at = subscription._encoded.length + 2
                // Properties, which are one zero byte when there are none.
                if (__FIVE__ && bytes.charCodeAt(bytes < C.QOS1 ? at : at + 2) !== 0) {
                  at = 0
                  break
                }
                if (__SESSION__ && bytes >= C.QOS1) {
                  const id = bytes.substr(at, 2)
                  if (id <= "\0\0" || (!__FIVE__ && !id[1])) return drop(C.DOWN_MALFORMED)
                  // Acknowledged before the handlers: a message is, even when one throws.
                  if (!session!._accept(socket!, bytes, id)) return
                  at += 2
                }
                if (__FIVE__) at++
              }
              hand(subscription, bytes.substr(at), subscription._filter, bytes)
            }
      } else if (__SESSION__ && bytes.length === 4 && session && session._reply(socket!, bytes)) return
      else if (bytes === C.PINGRESP_BYTES) {
        isAwaitingPong = false
        at = 1
      }
    if (at) return
    if (wholeAt) take(bytes, wholeAt)
    else split(bytes)
  }

  /** One handler that throws takes neither the next one along nor the packets behind this one. */
  function hand(subscription: Subscription, payload: string, topic: string, packet: string): void {
    try {
      subscription._run(payload, topic, packet)
    } catch (error) {
      events.onTrouble(C.E_HANDLER, (error as Error).stack || (error as string))
    }
  }

  /** Cuts the stream into packets, whatever pieces it comes in. */
  function split(bytes: string): void {
    if (skip) {
      const part = __SLICES__ && slices && bytes.substr(0, skip)
      rest = bytes.substr(skip)
      skip = rest ? 0 : skip - bytes.length
      // The answer to a ping queues behind a large payload, which may take longer than a keep-alive: its bytes say as much.
      isAwaitingPong = false
      if (__SLICES__ && part) slices!._more(part)
    } else rest += bytes
    while (line && rest) {
      // The fixed header (clause 2.2): a first byte, then one to four of seven bits each, lowest first.
      let length = 0
      let at = 0
      let digit = 0
      do {
        digit = byteAt(rest, ++at)
        length |= (digit & 127) << (7 * at - 7)
      } while (digit > 127 && at < 4)
      if (digit > 127 || (__FIVE__ && digit === 0 && at > 1)) return drop(C.DOWN_MALFORMED)
      length += ++at
      // A digit that has not arrived is NaN.
      if (!(digit >= 0) || (rest.length < length && rest.length < options.maxPacketBytes)) break
      const packet = rest.substr(0, length)
      // Both are set before the handlers run: one of them may hang up.
      skip = length - packet.length
      rest = rest.substr(length)
      isBetween = socket
      receive(packet, at)
    }
    isBetween = socket && !rest && !skip
  }

  /** One packet, whole unless bytes of it are to be skipped; its variable header starts at `at`. */
  function take(packet: string, at: number): void {
    const first = byteAt(packet, 0)
    // A packet id, or how long the topic is.
    const number = __FIVE__ ? u16At(packet, at) : byteAt(packet, at) * 256 + byteAt(packet, at + 1)
    const isUnsuback = __UNSUBSCRIBE__ && first === C.UNSUBACK
    const subscription = subscriptions[number - 256 * (first - ANSWER_TO_ID)]
    if (!socket) {
      if (first === C.CONNACK) return takeConnack(packet, at)
    } else if (first >> 4 === 3) return takePublish(packet, at + 2, number, first)
    else if (subscription && (first === C.SUBACK || isUnsuback)) {
      // One code for one filter, 0 to 2 or from 128 on [MQTT-3.9.3-2]; an UNSUBACK of 3.1.1 has none, which is NaN.
      const code = __FIVE__ ? five!._code(packet, at) : byteAt(packet, at + 2)
      if (__FIVE__ ? code >= 0 : packet.length === at + (isUnsuback ? 2 : 3) && !(code % 128 > 2)) {
        // An answer to what was asked before it was unsubscribed, or by the one whose place this was.
        if (!__UNSUBSCRIBE__ || isUnsuback === subscription._qos < 0) {
          subscription._isKnown = true
          if (code < subscription._qos || code > (__FIVE__ && isUnsuback ? 127 : 2))
            events.onTrouble(code > 2 ? code : C.E_LOWER_QOS, subscription._filter)
        }
        return
      }
    }
    // What is not exactly as the standard has it ends the connection.
    if (!__FIVE__ || !five!._other(first, packet, at)) drop(C.DOWN_MALFORMED)
  }

  function takePublish(packet: string, topicAt: number, topicBytes: number, first: number): void {
    let payloadAt = topicAt + topicBytes + (first & 6 ? 2 : 0)
    let topic = packet.substr(topicAt, topicBytes)
    const id = packet.substring(topicAt + topicBytes, payloadAt)
    const isCut = skip || packet.length > options.maxPacketBytes
    if (__FIVE__) {
      const opened = five!._open(packet, payloadAt, topic, isCut)
      if (!opened) return
      payloadAt = opened
      topic = five!._topic
    }
    // Wildcards [MQTT-3.3.2-2], id 0 [MQTT-2.3.1-1], a QoS never asked for, QoS 3 [MQTT-3.3.1-4], DUP at QoS 0 [MQTT-3.3.1-2].
    if (
      !(payloadAt <= packet.length || skip) ||
      NOT_A_NAME.test(topic) ||
      (__UTF8__ && options.isText && !options.isText(topic)) ||
      id === "\0\0" ||
      chr(first & 0x36) >= tooHigh ||
      (first & 14) === 8
    )
      return drop(C.DOWN_MALFORMED)
    if (__SLICES__ && isCut && slices && slices._begin(subscriptions, packet, payloadAt, topic, id, skip)) return
    // Without an id when not even its topic fits: then the broker sends it again some day.
    if (__SESSION__ && id.length > 1 && !session!._accept(socket!, packet, id)) return
    if (isCut) return events.onTrouble(C.E_TOO_BIG, topic)
    for (const subscription of subscriptions)
      if (topicMatches(subscription._filter, topic) && (!__FIVE__ || five!._isFor(subscription._asked!.id, packet)))
        hand(subscription, packet.substr(payloadAt), topic, packet)
  }

  function takeConnack(packet: string, at: number): void {
    const flags = __FIVE__ ? 0 : byteAt(packet, 2)
    let code = __FIVE__ ? five!._connack(packet, at) : byteAt(packet, 3)
    const isResumed = __FIVE__ ? code < 0 : flags > 0
    // Session Present is 1 only when a kept session was asked for, and the other bits are reserved (clause 3.2.2).
    if (!__FIVE__ && (packet.length !== 4 || flags > (!!options.keepSession as unknown as number) || code > 5))
      code = C.DOWN_MALFORMED
    if (code > 0) return drop(code)
    socket = line
    isAwaitingPong = false
    alarm.clear()
    if (pingMs) alarm.set(pingMs)
    // A new session knows nothing: what was to be unsubscribed is over. In one that is resumed, a filter may be unsubscribed and
    // subscribed again: in that order.
    if (__UNSUBSCRIBE__) {
      for (const isTurnToEnd of [true, false])
        for (const subscription of subscriptions)
          if (
            subscription._qos < 0 === isTurnToEnd &&
            !(subscription._isKnown = isResumed ? subscription._isKnown : isTurnToEnd)
          )
            request(subscription)
    } else for (const subscription of subscriptions) if (!(subscription._isKnown &&= isResumed)) request(subscription)
    if (__SESSION__ && session) session._up(socket!, isResumed)
    events.onUp(isResumed)
    if (__SESSION__ && session) session._pump()
  }

  const client: MqttClient = {
    open(host, port) {
      drop(0)
      rest = ""
      skip = 0
      try {
        line = network.connect({ host, port }, () => {})
      } catch {
        return -1
      }
      line.on("data", receive)
      line.on("close", onClose)
      if (__SESSION__ && session) line.on("drain", session._pump)
      alarm.set(CONNACK_DEADLINE_MS)
      line.write(connectPacket(options, __FIVE__ ? five!._connect() : ""))
      return 0
    },
    drop,
    close() {
      if (socket) socket.write(C.DISCONNECT_BYTES)
      drop(C.DOWN_BY_US)
    },
    isOnline: () => !!socket,
    topic,
    publish(name, payload, options) {
      const rest = name.length + payload.length + (__FIVE__ ? plainTail.length + 2 : 2)
      // The common case again: no options means QoS 0, and 0x30 is the first byte of its PUBLISH.
      if (options || !socket || socket.dSnd || rest > 127 || (__FIVE__ && rest > maxBytes) || NOT_A_NAME.test(name))
        return topic(name, options).publish(payload)
      socket.write(chr(C.PUBLISH, rest, 0, name.length) + name + (__FIVE__ ? plainTail + payload : payload))
      return 0
    },
    subscribe(filter, run, qos, options5) {
      refuseIf(NOT_A_FILTER.test(filter) || chr(C.PUBLISH | (qos! << 1)) >= tooHigh, filter)
      // The place of one that has ended, or a new one.
      const overAt = __UNSUBSCRIBE__ ? subscriptions.findIndex(({ _qos, _isKnown }) => _qos < 0 && _isKnown) : -1
      const at = overAt < 0 ? subscriptions.length : overAt
      if (at >= options.maxSubscriptions) return C.E_FULL
      const subscription: Subscription = { _filter: filter, _encoded: field(filter), _run: run, _qos: qos || 0 }
      if (__FIVE__) five!._prepare(subscription, options5 || {})
      subscriptions[at] = subscription
      hasWildcards = hasWildcards || NOT_A_NAME.test(subscription._filter) || (__FIVE__ && subscription._asked!.id)
      if (socket) request(subscription)
      return 0
    },
  }
  if (__UNSUBSCRIBE__)
    client._unsubscribe = (filter) => {
      for (const subscription of subscriptions)
        if (subscription._qos >= 0 && (__FIVE__ ? subscription._wire === filter : subscription._filter === filter)) {
          subscription._qos = -1
          subscription._run = () => {}
          subscription._isKnown = false
          if (socket) request(subscription)
        }
    }
  return client
}
