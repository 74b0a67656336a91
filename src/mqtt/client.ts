import type { Clock } from "../hal/clock"
import type { Network, Socket } from "../hal/socket"
import * as C from "./constants"
import { fixedHeader } from "./decode"
import type { Handler, MqttClient, MqttEvents, MqttOptions, PreparedTopic, PublishOptions } from "./contract"
import { chr, connectPacket, field, frame, remainingLength, u16 } from "./encode"
import type { Session } from "./session"
import { isTopicFilter, isTopicName, topicMatches } from "./topic"

const CONNACK_DEADLINE_MS = 10000

interface Subscription {
  _filter: string
  _encoded: string
  _run: Handler
  _qos: number
  /** Packet id of the SUBSCRIBE under way; 0 before the first, -1 once the broker answered. */
  _id: number
}

/**
 * Makes a client. What it holds is what `options` and the session's limits name, plus one packet that is not whole.
 * Its state is this function's variables: each use of a member would cost five bytes more, and there are more than 100.
 */
export function createMqtt(
  network: Network,
  clock: Clock,
  session: Session,
  events: MqttEvents,
  options: MqttOptions,
): MqttClient {
  const { maxPacketBytes } = options
  const pingMs = options.keepAliveS * 500
  const subscriptions: Subscription[] = []
  /** The connection, from the moment it is dialled; and again in `socket` while the broker accepts packets on it. */
  let line: Socket | undefined
  let socket: Socket | undefined
  /** Bytes of a packet that is not whole yet, and bytes still to pass over of one that is too large. */
  let rest = ""
  let skip = 0
  let isAwaitingPong = false
  let hasWildcards = false

  // A ping every half keep-alive, however busy the line: on Wi-Fi loss the chip's sockets say nothing, only the missing
  // answer does. So a dead link is noticed within one keep-alive, and a slow chip still meets the broker's one and a half.
  const alarm = clock.alarm(() => {
    if (!socket || isAwaitingPong) return drop(socket ? C.DOWN_NO_PINGRESP : C.DOWN_NO_CONNACK)
    isAwaitingPong = true
    alarm.set(pingMs)
    socket.write(C.PINGREQ_BYTES)
  })

  function hangUp(): void {
    const old = line
    socket = line = undefined
    alarm.clear()
    if (old) {
      old.removeAllListeners()
      old.end()
    }
  }

  function drop(reason: number): void {
    if (!line) return
    hangUp()
    events.onDown(reason)
  }

  const onClose = () => drop(C.DOWN_CLOSED_BY_PEER)

  const isBusy = () => socket!.dSnd && socket!.dSnd.length > options.maxUnsentBytes

  function sendQueued(): void {
    while (socket && !isBusy()) {
      const packet = session._next()
      if (!packet) return
      socket.write(packet)
    }
  }

  /** SUBSCRIBE (clause 3.8), one filter a packet, so that each answer names its filter. */
  function request(subscription: Subscription): void {
    const id = (subscription._id = session._nextId())
    socket!.write(frame(C.SUBSCRIBE, u16(id) + subscription._encoded + chr(subscription._qos)))
  }

  function topic(name: string, options?: PublishOptions): PreparedTopic {
    const { qos, retain }: PublishOptions = options || {}
    refuseUnless(isTopicName(name), name)
    const firstByte = C.PUBLISH | (qos ? C.FLAG_QOS1 : 0) | (retain ? C.FLAG_RETAIN : 0)
    const encoded = field(name)
    // What is common stands here and not in a call: on the interpreter a call costs as much as building the packet.
    if (qos) {
      const bytes = encoded.length + 2
      return {
        publish(payload) {
          const packet = session._add(firstByte, bytes + payload.length, encoded, payload)
          if (!(packet as string).length) return packet as number
          if (!socket || socket.dSnd) return session._hold()
          socket.write(packet as string)
          return 1
        },
      }
    }
    const bytes = encoded.length
    return {
      publish(payload) {
        const rest = bytes + payload.length
        if (rest > maxPacketBytes) return C.E_TOO_BIG
        if (!socket) return C.E_OFFLINE
        if (socket.dSnd && isBusy()) return C.E_FULL
        socket.write((rest < 128 ? chr(firstByte, rest) : chr(firstByte) + remainingLength(rest)) + encoded + payload)
        return 0
      },
    }
  }

  function receive(bytes: string): void {
    // Up to 129 bytes, a packet's second byte is its whole remaining length.
    if (rest || skip || bytes.length > 129 || bytes.charCodeAt(1) + 2 !== bytes.length) return split(bytes)
    let isTaken = false
    // The common case stands here and not in a call: one short QoS 0 message for an exact filter.
    if (bytes[0] === "0" && socket && !hasWildcards)
      for (const { _encoded, _run, _filter } of subscriptions)
        if (bytes.startsWith(_encoded, 2)) {
          isTaken = true
          hand(_run, bytes.substr(_encoded.length + 2), _filter)
        }
    if (!isTaken) take(bytes, 2)
  }

  /** One handler that throws takes neither the next one along nor the packets behind this one. */
  function hand(run: Handler, payload: string, topic: string): void {
    try {
      run(payload, topic)
    } catch (error) {
      events.onTrouble(C.E_HANDLER, (error as Error).stack || (error as string))
    }
  }

  /** Cuts the stream into packets, whatever pieces it comes in. */
  function split(bytes: string): void {
    if (skip) {
      const passed = Math.min(skip, bytes.length)
      skip -= passed
      bytes = bytes.substr(passed)
    }
    bytes = rest + bytes
    while (line && bytes) {
      const header = fixedHeader(bytes)
      if (header < 0) return drop(C.DOWN_MALFORMED)
      if (!header) break
      const at = header & 7
      const end = at + (header >> 3)
      if (end > bytes.length && bytes.length < maxPacketBytes) break
      skip = Math.max(0, end - bytes.length)
      // Set before the handlers run: one of them may hang up.
      rest = bytes.substr(end)
      take(bytes.substr(0, end), at)
      bytes = rest
    }
    rest = bytes
  }

  /** One packet, whole unless bytes of it are to be skipped; its variable header starts at `at`. */
  function take(packet: string, at: number): void {
    const first = packet.charCodeAt(0)
    if (first >> 4 !== 3 || !socket) return takeReply(first, packet)
    const qos1 = first & C.FLAG_QOS1
    const topicEnd = at + 2 + packet.charCodeAt(at) * 256 + packet.charCodeAt(at + 1)
    // The flag's value is 2, which is also the length of the packet id that QoS 1 brings along.
    const payloadAt = topicEnd + qos1
    const topic = packet.substring(at + 2, topicEnd)
    const id = packet.substring(topicEnd, payloadAt)
    // Wildcards [MQTT-3.3.2-2], id 0 [MQTT-2.3.1-1], QoS 2, which was never asked for, QoS 3 [MQTT-3.3.1-4], DUP at
    // QoS 0 [MQTT-3.3.1-2].
    if (
      !(payloadAt <= packet.length || skip) ||
      !isTopicName(topic) ||
      id === "\0\0" ||
      first & 4 ||
      (first & 10) === 8
    )
      return drop(C.DOWN_MALFORMED)
    // Before the handlers: a message is acknowledged even when one throws, or when it is too large to hand on. Without
    // an id when not even its topic fits: then the broker sends it again some day.
    if (id.length > 1) socket.write(C.PUBACK_HEADER + id)
    if (skip || packet.length > maxPacketBytes) return events.onTrouble(C.E_TOO_BIG, topic)
    for (const { _filter, _run } of subscriptions)
      if (_filter === topic || (hasWildcards && topicMatches(_filter, topic)))
        hand(_run, packet.substr(payloadAt), topic)
  }

  /** Everything but PUBLISH. What is not exactly as the standard has it ends the connection. */
  function takeReply(first: number, packet: string): void {
    if (socket && first === C.PINGRESP && packet.length === 2) {
      isAwaitingPong = false
      return
    }
    const id = packet.charCodeAt(2) * 256 + packet.charCodeAt(3)
    const code = id & 255
    if (!socket) {
      // Session Present, the byte before the code, is 1 only when a kept session was asked for (clause 3.2.2).
      if (first !== C.CONNACK || packet.length !== 4 || id >> 8 > (options.keepSession ? 1 : 0) || code > 5)
        return drop(C.DOWN_MALFORMED)
      return code ? drop(code) : goOnline(id > 255)
    }
    if (first === C.PUBACK && packet.length === 4) {
      session._acknowledge(id)
      return sendQueued()
    }
    const asked = subscriptions.find((subscription) => subscription._id === id)
    if (first !== C.SUBACK || packet.length !== 5 || !asked) return drop(C.DOWN_MALFORMED)
    asked._id = -1
    if (packet.charCodeAt(4) > 2) events.onTrouble(C.SUBACK_FAILURE, asked._filter)
  }

  function goOnline(isResumed: boolean): void {
    socket = line
    isAwaitingPong = false
    alarm.clear()
    if (pingMs) alarm.set(pingMs)
    session._reconnect(isResumed)
    for (const subscription of subscriptions) if (!isResumed || subscription._id >= 0) request(subscription)
    events.onUp(isResumed)
    sendQueued()
  }

  return {
    open(host, port) {
      hangUp()
      rest = ""
      skip = 0
      try {
        line = network.connect({ host, port }, () => {})
      } catch {
        return -1
      }
      line.on("data", receive)
      line.on("close", onClose)
      line.on("drain", sendQueued)
      alarm.set(CONNACK_DEADLINE_MS)
      line.write(connectPacket(options))
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
      const rest = name.length + payload.length + 2
      // The common case again: no options means QoS 0, and 0x30 is the first byte of its PUBLISH.
      if (options || !socket || socket.dSnd || rest > 127 || !isTopicName(name))
        return topic(name, options).publish(payload)
      socket.write(chr(C.PUBLISH, rest, 0, name.length) + name + payload)
      return 0
    },
    subscribe(filter, run, qos) {
      refuseUnless(isTopicFilter(filter), filter)
      if (subscriptions.length >= options.maxSubscriptions) return C.E_FULL
      const subscription = { _filter: filter, _encoded: field(filter), _run: run, _qos: qos || 0, _id: 0 }
      subscriptions.push(subscription)
      if (!isTopicName(filter)) hasWildcards = true
      if (socket) request(subscription)
      return 0
    },
  }
}

/** A mistake in the program, and no failure of the world: the only reason to throw. */
function refuseUnless(isValid: boolean, topic: string): void {
  if (!isValid) throw new Error("topic: " + topic)
}
