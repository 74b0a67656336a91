import type { Clock } from "../../hal/clock"
import {
  DOWN_BY_US,
  DOWN_CLOSED_BY_PEER,
  DOWN_MALFORMED,
  E_EXPIRED,
  E_NOT_SUPPORTED,
  E_TOO_BIG,
  PUBLISH,
} from "../constants"
import type { PublishOptions, PublishProperties } from "../contract"
import { byteAt, chr, connectPacket, field, frame, topicOf, varint, type ConnectPart } from "../encode"
import type { Five, Link } from "../parts"
import { NOT_A_FILTER, NOT_A_NAME } from "../topic"
import { will } from "../will"
import * as P from "./properties"

/** True unless the bundle hands on no slices. */
declare const __SLICES__: boolean

const PUBACK = 0x40
/** What tells PUBACK from PUBREC. */
const PUBREC_BIT = 0x10
const DISCONNECT = 0xe0
const AUTH = 0xf0

/** Reason codes that this side gives or acts on (table 2-6). */
const CONTINUE_AUTHENTICATION = 0x18
const RE_AUTHENTICATE = 0x19
const BAD_AUTHENTICATION = 0x8c
const RECEIVE_MAXIMUM_EXCEEDED = 0x93
const TOPIC_ALIAS_INVALID = 0x94
const PACKET_TOO_LARGE = 0x95
const SHARED_NOT_SUPPORTED = 0x9e
const WILDCARDS_NOT_SUPPORTED = 0xa2

/** Default of `receiveMaximum`; the largest packet there can be; a session that does not end. */
const RECEIVE_MAXIMUM = 16
const MAX_PACKET_BYTES = 268435460
const FOR_EVER = 0xffffffff

/** Enhanced authentication (clause 4.12); `scramSha256` of v5/scram.ts is one. */
export interface Authenticator {
  authMethod: string
  /** The client's first message; called for each connection and re-authentication. */
  firstData(): string
  /** The answer to a challenge, or undefined when it is not to be trusted. */
  answerTo(challenge: string): string | undefined
  /** The broker's last message: false when it does not prove who the broker is. */
  isProof(data: string): boolean
}

export interface Mqtt5Options {
  /**
   * Seconds the broker keeps the session after the connection ends; 0xFFFFFFFF for ever, which is the default with
   * `keepSession`. Without it the default is 0.
   */
  sessionExpiryS?: number
  /** QoS 1 and 2 messages that the broker may have under way to us, 1 to 65,535. Default 16. */
  receiveMaximum?: number
  /** Topic aliases that the broker may use to us, each a topic held in memory. Default 0. */
  topicAliasMaximum?: number
  /** Asks for a prefix for response topics: `announced(RESPONSE_INFORMATION)`, if the broker has one. */
  wantsResponseInformation?: boolean
  /** Sent with CONNECT. */
  userProperties?: P.UserProperties
  authenticator?: Authenticator
}

/** What the broker said about itself and its last answer, and what only MQTT 5 can do. */
export interface Mqtt5 extends Five {
  /**
   * What the broker said of itself in the last CONNACK (clause 3.2.2.3), by identifiers of properties.ts: MAXIMUM_QOS,
   * RETAIN_AVAILABLE, WILDCARDS_AVAILABLE and so on. Undefined is the standard's default, which is that it can.
   */
  announced(id: number, nth?: number): number | string | undefined
  /** Text of the last CONNACK, acknowledgement, DISCONNECT or AUTH, if it had one; for people. */
  reasonString: string | undefined
  /** Where to go instead, from a CONNACK or DISCONNECT 0x9C or 0x9D: "host:port", maybe several (clause 4.11). */
  serverReference: string | undefined
  /** Proves again who we are, on the live connection. Offline, or without an authenticator, nothing happens. */
  reauthenticate(): void
  /**
   * Says why, then closes: 0x04 has the will published. `sessionExpiryS` replaces that of CONNECT, unless that was 0
   * (clause 3.14.2.2.2).
   */
  disconnect(reason?: number, sessionExpiryS?: number): void
}

/** MQTT 5 (OASIS, 2019), for `createMqtt`. The clock counts down the expiry of messages that wait. */
export function mqtt5(clock: Clock, options?: Mqtt5Options): Mqtt5 {
  options ||= {}
  const { authenticator } = options
  let link: Link
  /** The last CONNACK, and where its properties start; empty while there is a connection without one. */
  let connack = ""
  let connackAt = 0
  /** Topics by the aliases that the broker made; and those of ours that have one, which is the place and 1. */
  let theirAliases: string[] = []
  let ourAliases: string[] = []
  let maximumBytes = 0

  const announced = (id: number, nth?: number) => P.property(connack, connackAt, id, nth)
  const limit = (id: number, byDefault: number): number => (announced(id) as number | undefined) ?? byDefault
  const text = (packet: string, at: number, id: number) => P.property(packet, at, id) as string | undefined

  /** Says why and ends the connection. */
  function fail(reason: number): void {
    link._write(chr(DISCONNECT, 1, reason))
    link._drop(reason)
  }

  /** The text for people, and the broker to go to. */
  function note(packet: string, at: number): void {
    five.reasonString = text(packet, at, P.REASON_STRING)
    five.serverReference = text(packet, at, P.SERVER_REFERENCE)
  }

  const authentication = (data: string): string =>
    P.encodeProperty(P.AUTH_METHOD, authenticator!.authMethod) + P.encodeProperty(P.AUTH_DATA, data)

  function sendAuth(reason: number, data: string): void {
    link._write(frame(AUTH, chr(reason) + P.counted(authentication(data))))
  }

  /** AUTH (clause 3.15): a challenge, or the end of a re-authentication. */
  function takeAuth(reason: number, data: string): void {
    const answer = reason === CONTINUE_AUTHENTICATION ? authenticator!.answerTo(data) : undefined
    if (answer !== undefined) sendAuth(CONTINUE_AUTHENTICATION, answer)
    else if (reason || !authenticator!.isProof(data)) fail(BAD_AUTHENTICATION)
  }

  /** An acknowledgement with a reason: 0x80 and up ends the message, and nothing follows [MQTT-4.3.3-4]. */
  function takeAck(first: number, id: string, reason: number): boolean {
    const session = link._session
    if (!session || !session._socket || id.length < 2) return false
    if (reason < 128 || (first & ~PUBREC_BIT) !== PUBACK) return session._reply(session._socket, chr(first, 2) + id)
    const packet = session._packets[id]
    session._release(id)
    if (packet) link._events.onTrouble(reason, topicOf(packet))
    return true
  }

  /** The first byte of a PUBLISH without what the broker does not take. */
  const allowed = (first: number): number =>
    PUBLISH | Math.min(first & 6, limit(P.MAXIMUM_QOS, 2) * 2) | (first & limit(P.RETAIN_AVAILABLE, 1))

  /** See parts.ts: fits a packet to this broker's limits, and to its own age. */
  function revise(packet: string, heldMs: number): string {
    const at = P.publishPropertiesAt(packet)
    // NaN when it has no expiry, or is sent again.
    const leftS =
      (text(packet, at, P.MESSAGE_EXPIRY) as unknown as number) - Math.floor((clock.nowMs() - heldMs) / 1000)
    const first = byteAt(packet, 0)
    const lower = allowed(first)
    const why = leftS <= 0 ? E_EXPIRED : packet.length > maximumBytes ? E_TOO_BIG : 0
    if (why || lower < first) link._events.onTrouble(why || E_NOT_SUPPORTED, topicOf(packet))
    if (why) return ""
    if (leftS > 0) {
      // It is the first of the properties.
      const expiryAt = P.varintEnd(packet, at)
      packet = packet.substr(0, expiryAt) + P.encodeProperty(P.MESSAGE_EXPIRY, leftS) + packet.substr(expiryAt + 5)
    }
    // At QoS 0 there is no packet id.
    return lower & 6 ? chr(lower) + packet.substr(1) : frame(lower, field(topicOf(packet)) + packet.substr(at))
  }

  const five: Mqtt5 = {
    announced,
    reasonString: undefined,
    serverReference: undefined,
    reauthenticate() {
      if (authenticator && connack) sendAuth(RE_AUTHENTICATE, authenticator.firstData())
    },
    disconnect(reason, sessionExpiryS) {
      link._write(frame(DISCONNECT, chr(reason || 0) + P.counted(P.encodeProperty(P.SESSION_EXPIRY, sessionExpiryS))))
      link._drop(DOWN_BY_US)
    },
    _attach(to) {
      link = to
      const { _session } = to
      if (_session) {
        _session._revise = revise
        _session._nowMs = clock.nowMs
        _session._maxReceived = options.receiveMaximum || RECEIVE_MAXIMUM
        _session._drop = () => fail(RECEIVE_MAXIMUM_EXCEEDED)
      }
    },
    _connect() {
      const { _options } = link
      connack = ""
      return connectPacket(
        _options,
        P.counted(
          P.encodeProperty(P.SESSION_EXPIRY, options.sessionExpiryS ?? (_options.keepSession ? FOR_EVER : undefined)) +
            P.encodeProperty(P.RECEIVE_MAXIMUM, options.receiveMaximum || RECEIVE_MAXIMUM) +
            P.encodeProperty(
              P.MAXIMUM_PACKET_SIZE,
              __SLICES__ && link._hasSlices ? undefined : _options.maxPacketBytes,
            ) +
            P.encodeProperty(P.TOPIC_ALIAS_MAXIMUM, options.topicAliasMaximum) +
            P.encodeProperty(P.REQUEST_RESPONSE, options.wantsResponseInformation ? 1 : undefined) +
            P.encodeProperty(P.USER_PROPERTY, options.userProperties) +
            (authenticator ? authentication(authenticator.firstData()) : ""),
        ),
      )
    },
    _connack(packet, at) {
      const { _options, _session } = link
      const isResumed = byteAt(packet, at)
      const code = byteAt(packet, at + 1)
      connack = packet
      connackAt = at += 2
      note(packet, at)
      // A broker of 3.1.1 alone answers in its own way, without properties.
      if (code) return code
      if (
        P.propertiesEnd(packet, at, P.IN_CONNACK) !== packet.length ||
        // [MQTT-3.2.2-4]: we have no session to resume; zero is no limit (clauses 3.2.2.3.3, 3.2.2.3.6).
        isResumed > (_options.keepSession ? 1 : 0) ||
        !limit(P.RECEIVE_MAXIMUM, 1) ||
        !(maximumBytes = limit(P.MAXIMUM_PACKET_SIZE, MAX_PACKET_BYTES))
      )
        return DOWN_MALFORMED
      if (authenticator && !authenticator.isProof(text(packet, at, P.AUTH_DATA) || "")) return BAD_AUTHENTICATION
      theirAliases = []
      ourAliases = []
      // An id that the broker made up is ours from now on.
      _options.clientId = text(packet, at, P.ASSIGNED_CLIENT_ID) ?? _options.clientId
      const maxRest = maximumBytes - 1 - varint(maximumBytes).length
      link._limit(limit(P.SERVER_KEEP_ALIVE, _options.keepAliveS) * 500, Math.min(_options.maxPacketBytes, maxRest))
      if (_session) {
        _session._quota = limit(P.RECEIVE_MAXIMUM, 65535)
        _session._maxBytes = maxRest
        _session._isLimited = allowed(0x35) < 0x35
      }
      return -isResumed
    },
    _tail: (from) => P.counted(encodePublishProperties(from && from.properties)),
    _alias(name, from) {
      const known = ourAliases.indexOf(name) + 1
      const isOne = known || ourAliases.length < limit(P.TOPIC_ALIAS_MAXIMUM, 0)
      return (
        field(known ? "" : name) +
        P.counted(
          P.encodeProperty(P.TOPIC_ALIAS, isOne ? known || ourAliases.push(name) : undefined) +
            encodePublishProperties(from.properties),
        )
      )
    },
    _allowed: allowed,
    _prepare(subscription, asked) {
      const { _filter } = subscription
      asked ||= {}
      subscription._wire = _filter
      subscription._number = asked.id
      subscription._pairs = P.encodeProperty(P.USER_PROPERTY, asked.userProperties)
      // To bit operators what is absent is 0, and true is 1.
      subscription._flags =
        ((asked.noLocal as unknown as number) << 2) |
        ((asked.retainAsPublished as unknown as number) << 3) |
        (asked.retainHandling! << 4)
      const levels = _filter.split("/")
      if (levels[0] === "$share") {
        subscription._filter = levels.slice(2).join("/")
        subscription._encoded = field(subscription._filter)
        // A group without a name or with a wildcard, no filter, or No Local on it [MQTT-4.8.2-1, -2], [MQTT-3.8.3-4].
        if (NOT_A_NAME.test(levels[1]!) || NOT_A_FILTER.test(subscription._filter) || asked.noLocal)
          throw new Error("topic: " + _filter)
      }
    },
    _request({ _wire, _filter, _qos, _number, _pairs, _flags }) {
      if (_qos < 0) return P.counted(_pairs!) + field(_wire!)
      const number = limit(P.SUBSCRIPTION_IDS_AVAILABLE, 1) ? _number : undefined
      const rest = P.counted(P.encodeProperty(P.SUBSCRIPTION_ID, number) + _pairs) + field(_wire!) + chr(_qos | _flags!)
      let why = 0
      if (_wire !== _filter && !limit(P.SHARED_AVAILABLE, 1)) why = SHARED_NOT_SUPPORTED
      if (NOT_A_NAME.test(_filter) && !limit(P.WILDCARDS_AVAILABLE, 1)) why = WILDCARDS_NOT_SUPPORTED
      // With first byte, length and packet id.
      if (rest.length + 5 > maximumBytes) why = E_TOO_BIG
      if (why) link._events.onTrouble(why, _wire!)
      return why ? "" : rest
    },
    _code(packet, at) {
      const codeAt = P.propertiesEnd(packet, at + 2, P.IN_ACK)
      note(packet, at + 2)
      return codeAt === packet.length - 1 ? byteAt(packet, codeAt) : NaN
    },
    _topic: "",
    _open(packet, at, topic, isCut) {
      const end = P.propertiesEnd(packet, at, P.IN_PUBLISH)
      const alias = P.property(packet, at, P.TOPIC_ALIAS) as number
      if (isCut && !(__SLICES__ && link._hasSlices && end)) fail(PACKET_TOO_LARGE)
      else if (!end) link._drop(DOWN_MALFORMED)
      else if (
        alias === 0 ||
        alias > (options.topicAliasMaximum || 0) ||
        !(five._topic = topic || theirAliases[alias] || "")
      )
        fail(TOPIC_ALIAS_INVALID)
      else {
        if (alias) theirAliases[alias] = five._topic
        return end
      }
      return 0
    },
    _isFor({ _number }, packet) {
      let nth = 0
      let id
      do id = P.publishProperty(packet, P.SUBSCRIPTION_ID, nth++)
      while (id && id !== _number)
      return id === _number || !limit(P.SUBSCRIPTION_IDS_AVAILABLE, 1)
    },
    _other(first, packet, at) {
      if (first < DISCONNECT) at += 2
      const reason = byteAt(packet, at++) || 0
      const allowed = P.IN_ACK + (first === AUTH ? P.IN_AUTH : first === DISCONNECT ? P.IN_DISCONNECT : "")
      if (packet.length > at && P.propertiesEnd(packet, at, allowed) !== packet.length) return false
      note(packet, at)
      if (first < DISCONNECT) return takeAck(first, packet.substr(at - 3, 2), reason)
      if (first === DISCONNECT) link._drop(reason || DOWN_CLOSED_BY_PEER)
      // [MQTT-4.12.0-7], [MQTT-4.12.0-5]: only with a method, and always with the same.
      else if (first === AUTH && authenticator && text(packet, at, P.AUTH_METHOD) === authenticator.authMethod)
        takeAuth(reason, text(packet, at, P.AUTH_DATA) || "")
      else return false
      return true
    },
  }
  return five
}

/** The properties of a PUBLISH, the expiry first: `revise` looks for it there. */
const encodePublishProperties = (from?: PublishProperties): string =>
  from
    ? P.encodeProperty(P.MESSAGE_EXPIRY, from.expiryS) +
      P.encodeProperty(P.PAYLOAD_FORMAT, from.isUtf8 ? 1 : undefined) +
      P.encodeProperty(P.CONTENT_TYPE, from.contentType) +
      P.encodeProperty(P.RESPONSE_TOPIC, from.responseTopic) +
      P.encodeProperty(P.CORRELATION_DATA, from.correlationData) +
      P.encodeProperty(P.USER_PROPERTY, from.userProperties)
    : ""

/** A will with the properties of MQTT 5 (clause 3.1.3.2). `delayS` lets a device that comes back soon stay unmourned. */
export const will5 = (topic: string, payload: string, options: PublishOptions & { delayS?: number }): ConnectPart =>
  Object.assign(will(topic, payload, options.qos, options.retain), {
    _properties: P.counted(
      P.encodeProperty(P.WILL_DELAY, options.delayS) + encodePublishProperties(options.properties),
    ),
  })
