/** MQTT 5 properties (clause 2.2.2): an identifier and a value each, behind a variable-length count of their bytes. */
import { byteAt, chr, field, u16, varint } from "../encode"

export const PAYLOAD_FORMAT = 0x01
export const MESSAGE_EXPIRY = 0x02
export const CONTENT_TYPE = 0x03
export const RESPONSE_TOPIC = 0x08
export const CORRELATION_DATA = 0x09
export const SUBSCRIPTION_ID = 0x0b
export const SESSION_EXPIRY = 0x11
export const ASSIGNED_CLIENT_ID = 0x12
export const SERVER_KEEP_ALIVE = 0x13
export const AUTH_METHOD = 0x15
export const AUTH_DATA = 0x16
export const REQUEST_PROBLEM = 0x17
export const WILL_DELAY = 0x18
export const REQUEST_RESPONSE = 0x19
export const RESPONSE_INFORMATION = 0x1a
export const SERVER_REFERENCE = 0x1c
export const REASON_STRING = 0x1f
export const RECEIVE_MAXIMUM = 0x21
export const TOPIC_ALIAS_MAXIMUM = 0x22
export const TOPIC_ALIAS = 0x23
export const MAXIMUM_QOS = 0x24
export const RETAIN_AVAILABLE = 0x25
export const USER_PROPERTY = 0x26
export const MAXIMUM_PACKET_SIZE = 0x27
export const WILDCARDS_AVAILABLE = 0x28
export const SUBSCRIPTION_IDS_AVAILABLE = 0x29
export const SHARED_AVAILABLE = 0x2a

/** Identifiers by the packets they may stand in (table 2-4); what may stand twice is USER_PROPERTY, and SUBSCRIPTION_ID in PUBLISH. */
export const IN_PUBLISH = "\x01\x02\x03\x08\x09\x0b\x23\x26"
export const IN_CONNACK = "\x11\x12\x13\x15\x16\x1a\x1c\x1f\x21\x22\x24\x25\x26\x27\x28\x29\x2a"
/** PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK. */
export const IN_ACK = "\x1f\x26"
export const IN_DISCONNECT = "\x1c\x1f\x26"
export const IN_AUTH = "\x15\x16\x1f\x26"

/**
 * The form of each identifier's value, in the order of identifiers: 1, 2 or 4 bytes, v: a variable-length integer, s: a
 * field of text or bytes, p: a pair of such fields, 0: no such property.
 */
const FORMS = "014s0000ss0v000004s20ss141s0s00s022211p4111"

const formAt = (packet: string, at: number): string => FORMS[byteAt(packet, at)]!

export const u16At = (packet: string, at: number): number => byteAt(packet, at) * 256 + byteAt(packet, at + 1)

/** A variable-length integer (clause 1.5.5). */
export function varintAt(packet: string, at: number): number {
  const digit = byteAt(packet, at)
  return digit > 127 ? (digit & 127) + varintAt(packet, at + 1) * 128 : digit
}

/** Where a variable-length integer ends; NaN when it has more than four bytes. */
function varintEnd(packet: string, at: number): number {
  const first = at
  while (byteAt(packet, at) > 127) at++
  return at - first < 4 ? at + 1 : NaN
}

/** Where the value at `at` ends; NaN when there is none. */
function valueEnd(packet: string, at: number, form: string): number {
  if (form === "v") return varintEnd(packet, at)
  if (form === "s") return at + 2 + u16At(packet, at)
  if (form === "p") return valueEnd(packet, valueEnd(packet, at, "s"), "s")
  return at + (+form || NaN)
}

/**
 * Where the properties that start at `at` end. 0 when they are malformed: reach beyond the packet, repeat, or are not `allowed`
 * in it.
 */
export function propertiesEnd(packet: string, at: number, allowed: string): number {
  const start = varintEnd(packet, at)
  if (!(start > 0)) return 0
  const end = start + varintAt(packet, at)
  let seen = ""
  // NaN ends the loop, too, and is no end.
  for (at = start; at < end; at = valueEnd(packet, at + 1, formAt(packet, at))) {
    const id = packet[at]!
    if (!allowed.includes(id) || seen.includes(id)) return 0
    if (byteAt(id, 0) !== USER_PROPERTY && byteAt(id, 0) !== SUBSCRIPTION_ID) seen += id
  }
  return at === end && end <= packet.length ? end : 0
}

/** The value of the `nth` property with this identifier, counted from 0, where properties start at `at`: a number, or bytes. */
export function property(packet: string, at: number, id: number, nth: number = 0): number | string | undefined {
  const end = varintEnd(packet, at) + varintAt(packet, at)
  at = varintEnd(packet, at)
  while (at < end) {
    const form = formAt(packet, at)
    const valueAt = at + 1
    const isWanted = byteAt(packet, at) === id
    at = valueEnd(packet, valueAt, form)
    if (isWanted && !nth--) {
      if (form === "v") return varintAt(packet, valueAt)
      if (form === "s") return packet.substring(valueAt + 2, at)
      return form === "p" ? packet.substring(valueAt, at) : integer(packet.substring(valueAt, at))
    }
  }
  return undefined
}

/** One to four bytes, most significant first. Above 31 bits, so no bit operators. */
export const integer = (bytes: string): number =>
  bytes ? integer(bytes.substr(0, bytes.length - 1)) * 256 + byteAt(bytes, bytes.length - 1) : 0

/** One property; nothing when its value is undefined. */
export function encodeProperty(id: number, value: number | string | undefined): string {
  const form = FORMS[id]
  if (value === undefined) return ""
  if (typeof value === "string") return chr(id) + field(value)
  if (form === "v") return chr(id) + varint(value)
  if (form === "1") return chr(id, value)
  return chr(id) + (form === "4" ? u32(value) : u16(value))
}

/** Four bytes, most significant first. */
export const u32 = (value: number): string => u16(Math.floor(value / 65536)) + u16(value % 65536)

/** Name and value of each, in order. */
export type UserProperties = readonly (readonly [name: string, value: string])[]

/** User properties (clause 3.1.2.11.8 and others). */
export const encodePairs = (pairs: UserProperties = []): string =>
  pairs.map(([name, value]) => chr(USER_PROPERTY) + field(name) + field(value)).join("")

/** Properties with the count of their bytes in front. */
export const counted = (properties: string): string => varint(properties.length) + properties

/** Where the topic field of an encoded PUBLISH starts. */
export const publishTopicAt = (packet: string): number => varintEnd(packet, 1)

/** Where its properties start. */
export function publishPropertiesAt(packet: string): number {
  const at = publishTopicAt(packet)
  return at + 2 + u16At(packet, at) + (byteAt(packet, 0) & 6 ? 2 : 0)
}

/** Where the seconds of a message expiry that stands first among properties start; 0 when there is none. */
export function expiryAt(packet: string, at: number): number {
  const first = varintEnd(packet, at)
  return varintAt(packet, at) && byteAt(packet, first) === MESSAGE_EXPIRY ? first + 1 : 0
}
