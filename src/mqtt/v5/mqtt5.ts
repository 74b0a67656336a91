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
import { byteAt, chr, field, frame, topicOf, varint, type ConnectPart } from "../encode"
import type { Five, Link } from "../parts"
import { will } from "../will"
import { NOT_A_FILTER, NOT_A_NAME } from "../topic"
import * as P from "./properties"

const PUBACK = 0x40
const PUBREC = 0x50
const PUBREL = 0x62
const PUBCOMP = 0x70
const DISCONNECT = 0xe0
const AUTH = 0xf0

/** Reason codes that this side gives or acts on (table 2-6). */
const CONTINUE_AUTHENTICATION = 0x18
const RE_AUTHENTICATE = 0x19
const PROTOCOL_ERROR = 0x82
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
/** PUBREL and PUBCOMP come after it. */
const ABOVE_PUBREC = "\x5F"

/** Enhanced authentication (clause 4.12); `scramSha256` of v5/scram.ts is one. */
export interface Authenticator {
  method: string
  /** The client's first message; called for each connection and re-authentication. */
  start(): string
  /** The answer to a challenge, or undefined when it is not to be trusted. */
  step(challenge: string): string | undefined
  /** The broker's last message: false when it does not prove who the broker is. */
  finish(data: string): boolean
}

export interface Mqtt5Options {
  /** Seconds the broker keeps the session after the connection ends; 0xFFFFFFFF for ever. Default 0. */
  sessionExpiryS?: number
  /** QoS 1 and 2 messages that the broker may have under way to us, 1 to 65,535. Default 16. */
  receiveMaximum?: number
  /** Topic aliases that the broker may use to us, each a topic held in memory. Default 0. */
  topicAliasMaximum?: number
  /** Asks for `responseInformation`: a prefix for response topics, if the broker has one. */
  wantsResponseInformation?: boolean
  /** Sent with CONNECT. */
  userProperties?: P.UserProperties
  authenticator?: Authenticator
}

/** What the broker said about itself and its last answer, and what only MQTT 5 can do. */
export interface Mqtt5 extends Five {
  /** The broker's limits, from its CONNACK (clause 3.2.2.3). */
  maximumQos: number
  hasRetain: boolean
  hasWildcards: boolean
  hasSubscriptionIds: boolean
  hasShared: boolean
  /** Text of the last CONNACK, acknowledgement or DISCONNECT that had one; for people. */
  reasonString: string | undefined
  /** Where to go instead, from a CONNACK or DISCONNECT 0x9C or 0x9D: "host:port", maybe several (clause 4.11). */
  serverReference: string | undefined
  responseInformation: string | undefined
  /** Proves again who we are, on the live connection. Without an authenticator nothing happens. */
  reauthenticate(): void
  /** Says why, then closes: 0x04 has the will published. `sessionExpiryS` replaces that of CONNECT. */
  disconnect(reason?: number, sessionExpiryS?: number): void
}

/** MQTT 5 (OASIS, 2019), for `createMqtt`. The clock counts down the expiry of messages that wait. */
export function mqtt5(clock: Clock, options: Mqtt5Options = {}): Mqtt5 {
  const { authenticator } = options
  let link: Link
  /** Topics by the aliases that the broker made, and aliases by the topics that we gave one. */
  let theirAliases: Record<number, string> = {}
  let ourAliases: Record<string, number> = {}
  let aliasesLeft = 0
  /** When a message that waits was accepted, by packet id. */
  const heldMs: Record<string, number> = {}
  let maximumBytes = 0
  /** The message that was opened last, and where its properties start. */
  let opened = ""
  let openedAt = 0

  /** Says why and ends the connection. */
  function fail(reason: number): void {
    link._write(chr(DISCONNECT, 1, reason))
    link._drop(reason)
  }

  const text = (packet: string, at: number, id: number) => P.property(packet, at, id) as string | undefined

  /** The text for people, and the broker to go to. */
  function note(packet: string, at: number): void {
    five.reasonString = text(packet, at, P.REASON_STRING)
    five.serverReference = text(packet, at, P.SERVER_REFERENCE)
  }

  const authentication = (data: string): string =>
    P.encodeProperty(P.AUTH_METHOD, authenticator!.method) + P.encodeProperty(P.AUTH_DATA, data)

  /** AUTH (clause 3.15): a challenge, or the end of a re-authentication. */
  function takeAuth(data: string, reason: number): void {
    const answer = reason === CONTINUE_AUTHENTICATION ? authenticator!.step(data) : undefined
    if (answer !== undefined) sendAuth(CONTINUE_AUTHENTICATION, answer)
    else if (reason || !authenticator!.finish(data)) fail(BAD_AUTHENTICATION)
  }

  function sendAuth(reason: number, data: string): void {
    link._write(frame(AUTH, chr(reason) + P.counted(authentication(data))))
  }

  /** An acknowledgement with a reason: 0x80 and up ends the message, and nothing follows [MQTT-4.3.3-4]. */
  function takeAck(header: string, id: string, reason: number): boolean {
    const session = link._session
    if (!session || !session._socket) return false
    const packet = session._packets[id]
    if (reason < 128 || header > ABOVE_PUBREC) return session._reply(session._socket, header + id)
    session._release(id)
    if (packet) link._events.onTrouble(reason, topicOf(packet))
    return true
  }

  /** Fits a packet that is about to be sent to this broker's limits, and to its own age. */
  function revise(id: string, packet: string, isFresh: boolean): string {
    const session = link._session!
    const at = P.publishPropertiesAt(packet)
    const expiryAt = P.expiryAt(packet, at)
    const leftS = expiryAt ? P.integer(packet.substr(expiryAt, 4)) - (isFresh ? waitedS(id) : 0) : 1
    delete heldMs[id]
    if (leftS <= 0 || packet.length > maximumBytes) {
      session._release(id)
      link._events.onTrouble(leftS <= 0 ? E_EXPIRED : E_TOO_BIG, topicOf(packet))
      return ""
    }
    if (expiryAt) packet = packet.substr(0, expiryAt) + P.u32(leftS) + packet.substr(expiryAt + 4)
    const first = byteAt(packet, 0)
    const allowed = (first & 8) | Math.min(first & 6, five.maximumQos * 2) | (five.hasRetain ? first & 1 : 0) | PUBLISH
    if (allowed !== first) {
      link._events.onTrouble(E_NOT_SUPPORTED, topicOf(packet))
      packet = chr(allowed) + packet.substr(1)
      // At QoS 0 it has no packet id, and nobody acknowledges it.
      if (!(allowed & 6)) {
        session._release(id)
        return frame(allowed, field(topicOf(packet)) + packet.substr(at))
      }
    }
    return (session._packets[id] = packet)
  }

  const waitedS = (id: string): number => (heldMs[id] ? Math.floor((clock.nowMs() - heldMs[id]) / 1000) : 0)

  /** What the broker takes, from a CONNACK whose properties start at `at`. */
  function takeLimits(packet: string, at: number): void {
    const limit = (id: number, byDefault: number) => (P.property(packet, at, id) as number | undefined) ?? byDefault
    const { _options, _session } = link
    five.maximumQos = limit(P.MAXIMUM_QOS, 2)
    five.hasRetain = !!limit(P.RETAIN_AVAILABLE, 1)
    five.hasWildcards = !!limit(P.WILDCARDS_AVAILABLE, 1)
    five.hasSubscriptionIds = !!limit(P.SUBSCRIPTION_IDS_AVAILABLE, 1)
    five.hasShared = !!limit(P.SHARED_AVAILABLE, 1)
    five.responseInformation = text(packet, at, P.RESPONSE_INFORMATION)
    maximumBytes = limit(P.MAXIMUM_PACKET_SIZE, MAX_PACKET_BYTES)
    theirAliases = {}
    ourAliases = {}
    aliasesLeft = limit(P.TOPIC_ALIAS_MAXIMUM, 0)
    const maxRest = maximumBytes - 1 - varint(maximumBytes).length
    link._limit(limit(P.SERVER_KEEP_ALIVE, _options.keepAliveS) * 500, Math.min(_options.maxPacketBytes, maxRest))
    // An id that the broker made up is ours from now on.
    _options.clientId = text(packet, at, P.ASSIGNED_CLIENT_ID) ?? _options.clientId
    if (_session) {
      _session._reserve = Math.max(0, _session._slots - limit(P.RECEIVE_MAXIMUM, 65535))
      _session._maxBytes = Math.min(_session._maxMessageBytes, maxRest)
      _session._isLimited = five.maximumQos < 2 || !five.hasRetain
    }
  }

  const five: Mqtt5 = {
    maximumQos: 2,
    hasRetain: true,
    hasWildcards: true,
    hasSubscriptionIds: true,
    hasShared: true,
    reasonString: undefined,
    serverReference: undefined,
    responseInformation: undefined,
    reauthenticate() {
      if (authenticator) sendAuth(RE_AUTHENTICATE, authenticator.start())
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
        _session._maxReceived = options.receiveMaximum || RECEIVE_MAXIMUM
        _session._onHold = (id) => {
          heldMs[id] = clock.nowMs()
        }
        _session._drop = () => fail(RECEIVE_MAXIMUM_EXCEEDED)
      }
    },
    _connect() {
      const { keepSession, maxPacketBytes } = link._options
      return P.counted(
        P.encodeProperty(P.SESSION_EXPIRY, options.sessionExpiryS ?? (keepSession ? FOR_EVER : undefined)) +
          P.encodeProperty(P.RECEIVE_MAXIMUM, options.receiveMaximum || RECEIVE_MAXIMUM) +
          P.encodeProperty(P.MAXIMUM_PACKET_SIZE, link._hasSlices ? undefined : maxPacketBytes) +
          P.encodeProperty(P.TOPIC_ALIAS_MAXIMUM, options.topicAliasMaximum) +
          P.encodeProperty(P.REQUEST_RESPONSE, options.wantsResponseInformation ? 1 : undefined) +
          P.encodePairs(options.userProperties) +
          (authenticator ? authentication(authenticator.start()) : ""),
      )
    },
    _connack(packet, at) {
      const isResumed = byteAt(packet, at)
      const code = byteAt(packet, at + 1)
      at += 2
      if (P.propertiesEnd(packet, at, P.IN_CONNACK) !== packet.length || isResumed > 1) return DOWN_MALFORMED
      note(packet, at)
      if (code) return code
      const isWrong =
        // [MQTT-3.2.2-4]: we have no session to resume; zero is no limit (clauses 3.2.2.3.3, 3.2.2.3.6).
        isResumed > (link._options.keepSession ? 1 : 0) ||
        P.property(packet, at, P.RECEIVE_MAXIMUM) === 0 ||
        P.property(packet, at, P.MAXIMUM_PACKET_SIZE) === 0
      const isTrusted = !authenticator || authenticator.finish(text(packet, at, P.AUTH_DATA) || "")
      if (isWrong || !isTrusted) {
        fail(isWrong ? PROTOCOL_ERROR : BAD_AUTHENTICATION)
        return PROTOCOL_ERROR
      }
      takeLimits(packet, at)
      return -isResumed
    },
    _tail: (options) => (options ? P.counted(encodePublishProperties(options.properties)) : "\0"),
    _alias(name, options) {
      let alias = ourAliases[name]
      const isNew = !alias
      if (isNew) {
        if (!aliasesLeft) return field(name) + five._tail(options)
        alias = ourAliases[name] = aliasesLeft--
      }
      return (
        field(isNew ? name : "") +
        P.counted(P.encodeProperty(P.TOPIC_ALIAS, alias) + encodePublishProperties(options.properties))
      )
    },
    _prepare(subscription, options = {}) {
      const { _filter } = subscription
      subscription._wire = field(_filter)
      subscription._number = options.id
      subscription._pairs = P.encodePairs(options.userProperties)
      subscription._flags =
        (options.noLocal ? 4 : 0) | (options.retainAsPublished ? 8 : 0) | ((options.retainHandling || 0) << 4)
      if (_filter.startsWith("$share/")) {
        const at = _filter.indexOf("/", 7) + 1
        const inside = _filter.substr(at)
        // A group without a name, no filter, or No Local on it [MQTT-4.8.2-1, -2], [MQTT-3.8.3-4].
        if (at < 9 || NOT_A_FILTER.test(inside) || options.noLocal) throw new Error("topic: " + _filter)
        subscription._filter = inside
        subscription._encoded = field(inside)
      }
    },
    _unsupported({ _wire, _encoded, _filter }) {
      if (_wire !== _encoded && !five.hasShared) return SHARED_NOT_SUPPORTED
      return !five.hasWildcards && NOT_A_NAME.test(_filter) ? WILDCARDS_NOT_SUPPORTED : 0
    },
    _request({ _wire, _qos, _number, _pairs, _flags }) {
      if (_qos < 0) return P.counted(_pairs!) + _wire
      const number = five.hasSubscriptionIds ? P.encodeProperty(P.SUBSCRIPTION_ID, _number) : ""
      return P.counted(number + _pairs) + _wire + chr(_qos | _flags!)
    },
    _code(packet, at) {
      const codeAt = P.propertiesEnd(packet, at + 2, P.IN_ACK)
      note(packet, at + 2)
      return codeAt === packet.length - 1 ? byteAt(packet, codeAt) : NaN
    },
    _topic: "",
    _open(packet, at, topic, isCut) {
      const end = P.propertiesEnd(packet, at, P.IN_PUBLISH)
      const alias = P.property(packet, at, P.TOPIC_ALIAS) as number | undefined
      if (isCut && !(link._hasSlices && end)) fail(PACKET_TOO_LARGE)
      else if (!end) link._drop(DOWN_MALFORMED)
      else if (alias === 0 || alias! > (options.topicAliasMaximum || 0)) fail(TOPIC_ALIAS_INVALID)
      else {
        if (alias && topic) theirAliases[alias] = topic
        five._topic = topic || (alias && theirAliases[alias]) || ""
        opened = packet
        openedAt = at
        return end
      }
      return 0
    },
    _isFor({ _number }) {
      if (!_number || !five.hasSubscriptionIds) return true
      let id
      for (let nth = 0; (id = P.property(opened, openedAt, P.SUBSCRIPTION_ID, nth)); nth++)
        if (id === _number) return true
      return false
    },
    _other(first, packet, at) {
      const isAck = first < 0x80
      const reasonAt = isAck ? at + 2 : at
      const reason = byteAt(packet, reasonAt) || 0
      const hasProperties = packet.length > reasonAt + 1
      const allowed = first === AUTH ? P.IN_AUTH : isAck ? P.IN_ACK : P.IN_DISCONNECT
      if (hasProperties && P.propertiesEnd(packet, reasonAt + 1, allowed) !== packet.length) return false
      five.reasonString = undefined
      if (hasProperties) note(packet, reasonAt + 1)
      if (first === PUBACK || first === PUBREC || first === PUBREL || first === PUBCOMP)
        return packet.length >= reasonAt && takeAck(chr(first, 2), packet.substr(at, 2), reason)
      if (first === DISCONNECT) link._drop(reason || DOWN_CLOSED_BY_PEER)
      else if (
        first === AUTH &&
        authenticator &&
        (!hasProperties || text(packet, at + 1, P.AUTH_METHOD) === authenticator.method)
      )
        takeAuth((hasProperties && text(packet, at + 1, P.AUTH_DATA)) || "", reason)
      else return false
      return true
    },
  }
  return five
}

/** The properties of a PUBLISH, the expiry first: `revise` looks for it there. */
const encodePublishProperties = ({
  expiryS,
  isUtf8,
  contentType,
  responseTopic,
  correlationData,
  userProperties,
}: PublishProperties = {}): string =>
  P.encodeProperty(P.MESSAGE_EXPIRY, expiryS) +
  P.encodeProperty(P.PAYLOAD_FORMAT, isUtf8 ? 1 : undefined) +
  P.encodeProperty(P.CONTENT_TYPE, contentType) +
  P.encodeProperty(P.RESPONSE_TOPIC, responseTopic) +
  P.encodeProperty(P.CORRELATION_DATA, correlationData) +
  P.encodePairs(userProperties)

/** A will with the properties of MQTT 5 (clause 3.1.3.2). `delayS` lets a device that comes back soon stay unmourned. */
export function will5(topic: string, payload: string, options: PublishOptions & { delayS?: number } = {}): ConnectPart {
  const { delayS, qos, retain, properties } = options
  const part = will(topic, payload, qos, retain)
  return {
    _flags: part._flags,
    _bytes: part._bytes,
    _properties: P.counted(P.encodeProperty(P.WILL_DELAY, delayS) + encodePublishProperties(properties)),
  }
}
