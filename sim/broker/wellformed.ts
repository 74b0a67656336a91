import { Cursor } from "./cursor"
import { passProperties } from "./property-block"
import type { Place, UserProperty } from "./property-block"
import { Fault, R_MALFORMED, R_PROTOCOL_ERROR } from "./reason"

/** User properties of a packet in their order, and those of CONNECT's will. */
export interface Pairs {
  own: UserProperty[]
  will: UserProperty[]
}

/** Packet types (§2.2.1) that have an id first, and where their properties count as being. */
const WITH_ID: Record<number, Place> = { 4: "ack", 5: "ack", 6: "ack", 7: "ack", 8: "subscribe", 10: "unsubscribe" }
const PINGREQ = 12
const DISCONNECT = 14
const AUTH = 15

/**
 * Finds what mqtt-packet 9.0.2 lets pass and the standard does not: UTF-8, ids of 0, wrong flags of CONNECT, properties twice or
 * in the wrong place, fields beyond their block, bytes left over. Throws a Fault. The library then reads the same bytes.
 */
export function inspect(frame: Buffer, body: number, isFive: boolean): Pairs | undefined {
  const type = frame[0] >> 4
  const cursor = new Cursor(frame, body)
  if (isFive) assertShortestLength(frame, body)
  if (type === 3) return inspectPublish(frame, cursor, isFive)
  if (type === 1) return inspectConnect(cursor)
  if (WITH_ID[type]) return inspectWithId(cursor, type, isFive)
  if (isFive && type === DISCONNECT) passReason(cursor, "disconnect")
  if (isFive && type === AUTH) passReason(cursor, "auth")
  if (type === PINGREQ || type === DISCONNECT) assertEnd(cursor)
  return undefined // what only a server may send is refused for what it is
}

/** The level that a CONNECT asks for, before anything else of it is read; undefined when it is none of MQTT's. */
export function levelOf(frame: Buffer, body: number): number | undefined {
  const cursor = new Cursor(frame, body)
  const name = cursor.text()
  if (name === "MQIsdp") return 3 // MQTT 3.1
  return name === "MQTT" ? cursor.u8() : undefined
}

function inspectPublish(frame: Buffer, cursor: Cursor, isFive: boolean): Pairs | undefined {
  const qos = (frame[0] >> 1) & 3
  // [MQTT-3.3.1-4], [MQTT-3.3.1-2]
  if (qos === 3) throw new Fault(R_MALFORMED, "QoS 3")
  if (qos === 0 && frame[0] & 8) throw new Fault(R_MALFORMED, "DUP at QoS 0")
  cursor.passText()
  if (qos > 0) passId(cursor)
  return isFive ? { own: passProperties(cursor, "publish"), will: [] } : undefined
}

function inspectConnect(cursor: Cursor): Pairs {
  cursor.passText()
  const isFive = cursor.u8() === 5
  const flags = cursor.u8()
  assertConnectFlags(flags, isFive)
  cursor.u16()
  const own = isFive ? passProperties(cursor, "connect") : []
  cursor.passText()
  const will = flags & 4 && isFive ? passProperties(cursor, "will") : []
  if (flags & 4) {
    cursor.passText()
    cursor.binary()
  }
  if (flags & 0x80) cursor.passText()
  if (flags & 0x40) cursor.binary()
  assertEnd(cursor)
  return { own, will }
}

/** §3.1.2.3: the reserved bit; the will's QoS of 3; a password without a user, which 5.0 allows */
function assertConnectFlags(flags: number, isFive: boolean): void {
  if (flags & 1) throw new Fault(R_MALFORMED, "CONNECT's reserved flag")
  if ((flags & 0x18) === 0x18) throw new Fault(R_MALFORMED, "a will of QoS 3")
  if (!(flags & 4) && flags & 0x38) throw new Fault(R_MALFORMED, "a will's flags without a will")
  if (!isFive && (flags & 0xc0) === 0x40) throw new Fault(R_MALFORMED, "a password without a user")
}

function inspectWithId(cursor: Cursor, type: number, isFive: boolean): Pairs | undefined {
  passId(cursor)
  const place = WITH_ID[type]
  if (place === "ack") {
    if (isFive) passReason(cursor, place)
    return void assertEnd(cursor)
  }
  const own = isFive ? passProperties(cursor, place) : []
  while (!cursor.isAtEnd) {
    cursor.passText()
    if (place === "subscribe") cursor.u8()
  }
  return { own, will: [] }
}

/** Reason code and properties may be left out from the end (5.0 §3.4.2.1, §3.14.2.1). */
function passReason(cursor: Cursor, place: Place): void {
  if (!cursor.isAtEnd) cursor.u8()
  if (!cursor.isAtEnd) passProperties(cursor, place)
}

/** [MQTT-2.3.1-1] of 3.1.1, [MQTT-2.2.1-3] of 5.0 */
function passId(cursor: Cursor): void {
  if (cursor.u16() === 0) throw new Fault(R_PROTOCOL_ERROR, "packet id 0")
}

function assertEnd(cursor: Cursor): void {
  if (!cursor.isAtEnd) throw new Fault(R_MALFORMED, "bytes after the last field")
}

function assertShortestLength(frame: Buffer, body: number): void {
  if (body > 2 && frame[body - 1] === 0) throw new Fault(R_MALFORMED, "a remaining length longer than need be")
}
