import type { Clock } from "../../hal/clock"
import * as C from "../constants"
import type { PublishOptions } from "../contract"
import { byteAt, chr, field, frame, topicOf, varint, type ConnectPart } from "../encode"
import type { Link } from "../parts"
import { NOT_A_FILTER, NOT_A_NAME, refuseIf } from "../topic"
import { will } from "../will"
import type { Mqtt5, Mqtt5Options } from "./contract"
import * as P from "./properties"

export type { Authenticator, Mqtt5, Mqtt5Options } from "./contract"

/** True unless the bundle hands on no slices. */
declare const __SLICES__: boolean

const PUBACK = 0x40
/** What tells PUBREC from PUBACK. */
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

/** Default of `receiveMaximum`; more than the largest packet there can be; a session that does not end. */
const RECEIVE_MAXIMUM = 16
const ANY_PACKET_BYTES = 1e9
const FOR_EVER = 0xffffffff
/** A PUBLISH that asks for the most: QoS 2, to be retained. */
const RETAINED_QOS2 = 0x35

/** MQTT 5 (OASIS, 2019), for `createMqtt`. The clock counts down the expiry of messages that wait. */
export function mqtt5(clock: Clock, options?: Mqtt5Options): Mqtt5 {
  options ||= {}
  const { authenticator } = options
  let link: Link
  /** The properties of the last CONNACK; nothing while a connection has none yet. */
  let connack = ""
  /** Topics by the aliases that the broker made; and those of ours that have one, which is the place and 1. */
  let theirAliases: string[] = []
  let ourAliases: string[] = []
  let maximumBytes = 0

  const announced = (id: number, nth?: number) => P.property<number | string>(connack, 0, id, nth)
  const limit = (id: number, byDefault: number): number => (announced(id) as number | undefined) ?? byDefault

  /** Says why and ends the connection. */
  function fail(reason: number): void {
    link._write(chr(DISCONNECT, 1, reason))
    link._drop(reason)
  }

  /** Where the properties at `at` end, as `propertiesEnd`. Notes the text for people, and the broker to go to. */
  function note(packet: string, at: number, allowed: string): number {
    five.reasonString = P.property(packet, at, P.REASON_STRING)
    five.serverReference = P.property(packet, at, P.SERVER_REFERENCE)
    return P.propertiesEnd(packet, at, allowed)
  }

  const authentication = (data: string): string =>
    P.encodeProperty(P.AUTH_METHOD, authenticator!.authMethod) + P.encodeProperty(P.AUTH_DATA, data)

  function sendAuth(reason: number, data: string): void {
    link._write(frame(AUTH, chr(reason) + P.counted(authentication(data))))
  }

  /** An acknowledgement with a reason: 0x80 and up ends the message, and nothing follows [MQTT-4.3.3-4]. */
  function takeAck(first: number, id: string, reason: number): boolean {
    const { _session, _events } = link
    if (!_session || !_session._socket || id.length < 2) return false
    if (reason < 128 || (first & ~PUBREC_BIT) !== PUBACK) return _session._reply(_session._socket, chr(first, 2) + id)
    const packet = _session._packets[id]
    _session._release(id)
    if (packet) _events.onTrouble(reason, topicOf(packet))
    return true
  }

  /** The first byte of a PUBLISH without what the broker does not take. */
  const allowed = (first: number): number =>
    C.PUBLISH | Math.min(first & 6, limit(P.MAXIMUM_QOS, 2) * 2) | (first & limit(P.RETAIN_AVAILABLE, 1))

  /** See parts.ts: fits a packet to this broker's limits, and to its own age. */
  function revise(packet: string, heldMs: number): string {
    const at = P.publishPropertiesAt(packet)
    // NaN when it has no expiry, or is sent again.
    const leftS = P.property<number>(packet, at, P.MESSAGE_EXPIRY)! - Math.floor((clock.nowMs() - heldMs) / 1000)
    const first = byteAt(packet, 0)
    const lower = allowed(first)
    const why = leftS <= 0 ? C.E_EXPIRED : packet.length > maximumBytes ? C.E_TOO_BIG : 0
    if (why || lower < first) link._events.onTrouble(why || C.E_NOT_SUPPORTED, topicOf(packet))
    if (why) return ""
    if (leftS > 0) {
      // It is the first of the properties.
      const expiryAt = P.varintEnd(packet, at)
      packet = packet.substr(0, expiryAt) + P.encodeProperty(P.MESSAGE_EXPIRY, leftS) + packet.substr(expiryAt + 5)
    }
    // At QoS 0 there is no packet id.
    return lower & 6 ? chr(lower) + packet.substr(1) : frame(lower, field(topicOf(packet)) + packet.substr(at))
  }

  // What is missing here, packets bring.
  const five = {
    announced,
    reauthenticate() {
      if (authenticator && connack) sendAuth(RE_AUTHENTICATE, authenticator.firstData())
    },
    disconnect(reason, sessionExpiryS) {
      link._write(frame(DISCONNECT, chr(reason || 0) + P.counted(P.encodeProperty(P.SESSION_EXPIRY, sessionExpiryS))))
      link._drop(C.DOWN_BY_US)
    },
    _attach(to) {
      link = to
      const { _session } = to
      if (_session) {
        _session._revise = revise
        _session._nowMs = clock.nowMs
        _session._maxReceived = options.receiveMaximum
        _session._drop = () => fail(RECEIVE_MAXIMUM_EXCEEDED)
      }
    },
    _connect() {
      const { _options } = link
      connack = ""
      five.reasonString = five.serverReference = undefined
      return P.counted(
        P.encodeProperty(P.SESSION_EXPIRY, options.sessionExpiryS ?? (_options.keepSession && FOR_EVER)) +
          P.encodeProperty(P.RECEIVE_MAXIMUM, options.receiveMaximum || RECEIVE_MAXIMUM) +
          P.encodeProperty(P.MAXIMUM_PACKET_SIZE, __SLICES__ && five._hasSlices ? undefined : _options.maxPacketBytes) +
          P.encodeProperty(P.TOPIC_ALIAS_MAXIMUM, options.topicAliasMaximum) +
          P.encodeProperty(P.REQUEST_RESPONSE, options.wantsResponseInformation) +
          P.encodeProperty(P.USER_PROPERTY, options.userProperties) +
          (authenticator ? authentication(authenticator.firstData()) : ""),
      )
    },
    _connack(packet, at) {
      const { _options, _session } = link
      const isResumed = byteAt(packet, at)
      const code = byteAt(packet, at + 1)
      connack = packet.substr(at + 2)
      const end = note(connack, 0, P.IN_CONNACK)
      // A broker of 3.1.1 alone answers in its own way, without properties.
      if (code) return code
      if (
        !end ||
        end < connack.length ||
        // [MQTT-3.2.2-4]: we have no session to resume; zero is no limit (clauses 3.2.2.3.3, 3.2.2.3.6).
        isResumed > (!!_options.keepSession as unknown as number) ||
        !limit(P.RECEIVE_MAXIMUM, 1) ||
        !(maximumBytes = limit(P.MAXIMUM_PACKET_SIZE, ANY_PACKET_BYTES))
      )
        return C.DOWN_MALFORMED
      if (authenticator && !authenticator.isProof((announced(P.AUTH_DATA) as string) || "")) return BAD_AUTHENTICATION
      theirAliases = []
      ourAliases = []
      // An id that the broker made up is ours from now on.
      _options.clientId = (announced(P.ASSIGNED_CLIENT_ID) as string) || _options.clientId
      const maxRest = maximumBytes - 1 - varint(maximumBytes).length
      link._limit(limit(P.SERVER_KEEP_ALIVE, _options.keepAliveS) * 500, Math.min(_options.maxPacketBytes, maxRest))
      if (_session) {
        _session._quota = announced(P.RECEIVE_MAXIMUM) as number | undefined
        _session._maxBytes = maxRest
        _session._isLimited = allowed(RETAINED_QOS2) < RETAINED_QOS2
      }
      return -isResumed
    },
    _tail: (from) => P.counted(encodePublishProperties(from)),
    _alias(name, from) {
      const known = ourAliases.indexOf(name) + 1
      const isOne = known || ourAliases.length < limit(P.TOPIC_ALIAS_MAXIMUM, 0)
      return (
        field(known ? "" : name) +
        P.counted(
          P.encodeProperty(P.TOPIC_ALIAS, isOne ? known || ourAliases.push(name) : undefined) +
            encodePublishProperties(from),
        )
      )
    },
    _allowed: allowed,
    _prepare(subscription, asked) {
      const { _filter } = subscription
      const levels = _filter.split("/")
      subscription._wire = _filter
      subscription._asked = asked
      if (levels[0] === "$share") {
        subscription._filter = levels.slice(2).join("/")
        subscription._encoded = field(subscription._filter)
        // A group without a name or with a wildcard, no filter, or No Local on it [MQTT-4.8.2-1, -2], [MQTT-3.8.3-4].
        refuseIf(NOT_A_NAME.test(levels[1]!) || NOT_A_FILTER.test(subscription._filter) || asked.noLocal, _filter)
      }
    },
    _request(subscription) {
      const { _wire, _filter, _qos } = subscription
      const asked = subscription._asked!
      const pairs = P.encodeProperty(P.USER_PROPERTY, asked.userProperties)
      if (_qos < 0) return P.counted(pairs) + field(_wire!)
      // To bit operators what is absent is 0, and true is 1.
      const flags =
        ((asked.noLocal as unknown as number) << 2) |
        ((asked.retainAsPublished as unknown as number) << 3) |
        (asked.retainHandling! << 4)
      const id = limit(P.SUBSCRIPTION_IDS_AVAILABLE, 1) ? asked.id : undefined
      const rest = P.counted(P.encodeProperty(P.SUBSCRIPTION_ID, id) + pairs) + field(_wire!) + chr(_qos | flags)
      let why = 0
      if (_wire !== _filter && !limit(P.SHARED_AVAILABLE, 1)) why = SHARED_NOT_SUPPORTED
      if (NOT_A_NAME.test(_filter) && !limit(P.WILDCARDS_AVAILABLE, 1)) why = WILDCARDS_NOT_SUPPORTED
      // With first byte, length and packet id.
      if (rest.length + 5 > maximumBytes) why = C.E_TOO_BIG
      if (why) link._events.onTrouble(why, _wire!)
      return why ? "" : rest
    },
    _code(packet, at) {
      const codeAt = note(packet, at + 2, P.IN_ACK)
      return codeAt === packet.length - 1 ? byteAt(packet, codeAt) : NaN
    },
    _open(packet, at, topic, isCut) {
      const end = P.propertiesEnd(packet, at, P.IN_PUBLISH)
      const alias = P.property<number>(packet, at, P.TOPIC_ALIAS)!
      if (isCut && !(__SLICES__ && five._hasSlices && end)) return fail(PACKET_TOO_LARGE)
      if (!end) return link._drop(C.DOWN_MALFORMED)
      five._topic = topic || theirAliases[alias]!
      if (alias === 0 || alias > (options.topicAliasMaximum || 0) || !five._topic) return fail(TOPIC_ALIAS_INVALID)
      if (alias) theirAliases[alias] = five._topic
      return end
    },
    _isFor(wanted, packet) {
      let nth = 0
      let id
      do id = P.publishProperty<number>(packet, P.SUBSCRIPTION_ID, nth++)
      while (id && id !== wanted)
      return id === wanted || !limit(P.SUBSCRIPTION_IDS_AVAILABLE, 1)
    },
    _other(first, packet, at) {
      if (first < DISCONNECT) at += 2
      const reason = byteAt(packet, at++) || 0
      const allowed = P.IN_ACK + (first === AUTH ? P.IN_AUTH : first === DISCONNECT ? P.IN_DISCONNECT : "")
      const end = note(packet, at, allowed)
      if (packet.length > at && end !== packet.length) return false
      if (first < DISCONNECT) return takeAck(first, packet.substr(at - 3, 2), reason)
      if (first === DISCONNECT) {
        link._drop(reason || C.DOWN_CLOSED_BY_PEER)
        return true
      }
      // [MQTT-4.12.0-7], [MQTT-4.12.0-5]: only with a method, and always with the same.
      if (first !== AUTH || !authenticator || P.property(packet, at, P.AUTH_METHOD) !== authenticator.authMethod)
        return false
      // A challenge, or the end of a re-authentication.
      const data = P.property(packet, at, P.AUTH_DATA) || ""
      const answer = reason === CONTINUE_AUTHENTICATION ? authenticator.answerTo(data) : undefined
      if (answer !== undefined) sendAuth(CONTINUE_AUTHENTICATION, answer)
      else if (reason || !authenticator.isProof(data)) fail(BAD_AUTHENTICATION)
      return true
    },
  } as Mqtt5
  return five
}

/** The properties of a PUBLISH, the expiry first: `revise` looks for it there. */
function encodePublishProperties(options?: PublishOptions): string {
  const from = options && options.properties
  return from
    ? P.encodeProperty(P.MESSAGE_EXPIRY, from.expiryS) +
        P.encodeProperty(P.PAYLOAD_FORMAT, from.isUtf8) +
        P.encodeProperty(P.CONTENT_TYPE, from.contentType) +
        P.encodeProperty(P.RESPONSE_TOPIC, from.responseTopic) +
        P.encodeProperty(P.CORRELATION_DATA, from.correlationData) +
        P.encodeProperty(P.USER_PROPERTY, from.userProperties)
    : ""
}

/** A will with the properties of MQTT 5 (clause 3.1.3.2). `delayS` lets a device that comes back soon stay unmourned. */
export const will5 = (topic: string, payload: string, options: PublishOptions & { delayS?: number }): ConnectPart =>
  Object.assign(will(topic, payload, options.qos, options.retain), {
    _properties: P.counted(P.encodeProperty(P.WILL_DELAY, options.delayS) + encodePublishProperties(options)),
  })
