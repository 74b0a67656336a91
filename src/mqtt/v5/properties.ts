/** MQTT 5 properties (clause 2.2.2): an identifier and a value each, behind a variable-length count of their bytes. */
import { byteAt, chr, field, u16At, varint } from "../encode"

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

/** Identifiers by the packets they may stand in (table 2-4). */
export const IN_PUBLISH = "\x01\x02\x03\x08\x09\x0b\x23\x26"
export const IN_CONNACK = "\x11\x12\x13\x15\x16\x1a\x1c\x1f\x21\x22\x24\x25\x26\x27\x28\x29\x2a"
/** PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK. */
export const IN_ACK = "\x1f\x26"
/** These besides, in DISCONNECT and AUTH. */
export const IN_DISCONNECT = "\x1c"
export const IN_AUTH = "\x15\x16"

/** What may stand several times: SUBSCRIPTION_ID, which is only allowed in PUBLISH, and USER_PROPERTY. */
const REPEATABLE = "\x0b\x26"

/**
 * The form of each identifier's value, in the order of identifiers: 1, 2 or 4 bytes, v: a variable-length integer, s: a
 * field of text or bytes, p: a pair of such fields, 0: no such property.
 */
const FORMS = "014s0000ss0v000004s20ss141s0s00s022211p4111"

export type UserProperties = readonly (readonly [name: string, value: string])[]

/** A variable-length integer (clause 1.5.5). */
export function varintAt(packet: string, at: number): number {
  const digit = byteAt(packet, at)
  return digit > 127 ? (digit & 127) + varintAt(packet, at + 1) * 128 : digit
}

/** Where a variable-length integer ends; NaN when it has more than four bytes, or more than it needs [MQTT-1.5.5-1]. */
export function varintEnd(packet: string, at: number): number {
  const first = at
  while (byteAt(packet, at) > 127) at++
  return at - first < 4 && (at === first || byteAt(packet, at)) ? at + 1 : NaN
}

/** Where the property ends whose identifier is at `at`; NaN when there is none. */
function propertyEnd(packet: string, at: number): number {
  const form = FORMS[byteAt(packet, at++)]!
  if (form === "v") return varintEnd(packet, at)
  // All of one byte are yes or no; even Maximum QoS is, since there is none of 2.
  if (form < "a") return form === "1" && byteAt(packet, at) > 1 ? NaN : at + (+form || NaN)
  at += 2 + u16At(packet, at)
  return form === "s" ? at : at + 2 + u16At(packet, at)
}

/**
 * Where the properties that start at `at` end. 0 when they are malformed: reach beyond the packet, repeat, or are not `allowed`
 * in it.
 */
export function propertiesEnd(packet: string, at: number, allowed: string): number {
  const start = varintEnd(packet, at)
  const end = start + varintAt(packet, at)
  // NaN ends the loop, too, and is no end.
  for (at = start; at < end; at = propertyEnd(packet, at)) {
    const id = packet[at]!
    if (!allowed.includes(id)) return 0
    if (!REPEATABLE.includes(id)) allowed = allowed.replace(id, "")
  }
  return at === end && end <= packet.length ? end : 0
}

/**
 * The value of the `nth` property with this identifier, counted from 0, where properties start at `at`: a number, bytes, or
 * of a user property its name's field and its value's.
 */
export function property<T = string>(packet: string, at: number, id: number, nth?: number): T | undefined {
  const form = FORMS[id]!
  const start = varintEnd(packet, at)
  const end = start + varintAt(packet, at)
  at = start
  while (at < end) {
    const valueAt = at + 1
    const isWanted = byteAt(packet, at) === id
    at = propertyEnd(packet, at)
    // Absent is none to pass over.
    if (isWanted && !nth!--) return valueOf(packet, valueAt, at, form) as T
  }
  return undefined
}

function valueOf(packet: string, at: number, end: number, form: string): number | string {
  if (form === "v") return varintAt(packet, at)
  if (form > "a") return packet.substring(form === "s" ? at + 2 : at, end)
  return at < end ? (valueOf(packet, at, --end, form) as number) * 256 + byteAt(packet, end) : 0
}

/** An integer of so many bytes, most significant first. Above 31 bits, so no bit operators. */
const integer = (value: number, bytes: number): string =>
  bytes ? integer(value / 256, bytes - 1) + chr(value % 256) : ""

/** One property; nothing when its value is undefined. Of user properties all, in order. */
export function encodeProperty(id: number, value: number | boolean | string | UserProperties | undefined): string {
  const form = FORMS[id]!
  if (value === undefined) return ""
  if (form === "p") return (value as UserProperties).map((pair) => chr(id) + field(pair[0]) + field(pair[1])).join("")
  if (form === "s") value = field(value as string)
  else value = form === "v" ? varint(value as number) : integer(value as number, +form)
  return chr(id) + value
}

/** Properties with the count of their bytes in front. */
export const counted = (properties: string): string => varint(properties.length) + properties

/** Where the properties of an encoded PUBLISH start. */
export function publishPropertiesAt(packet: string): number {
  const at = varintEnd(packet, 1)
  return at + 2 + u16At(packet, at) + (byteAt(packet, 0) & 6 ? 2 : 0)
}

/** As `property`, of a PUBLISH. */
export const publishProperty = <T = string>(packet: string, id: number, nth?: number): T | undefined =>
  property<T>(packet, publishPropertiesAt(packet), id, nth)
