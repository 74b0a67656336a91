import type { Cursor } from "./cursor"
import { Fault, R_MALFORMED, R_PROTOCOL_ERROR, hex } from "./reason"

/** Name and value; the order and repetitions of a packet's pairs carry meaning [MQTT-3.3.2-18]. */
export type UserProperty = [name: string, value: string]

export type Place = "connect" | "will" | "publish" | "ack" | "subscribe" | "unsubscribe" | "disconnect" | "auth"

type Kind = "flag" | "u16" | "u32" | "some16" | "some32" | "varint" | "text" | "binary"

const USER_PROPERTY = 0x26

/** What a client may send: identifier, data type, places (5.0 §2.2.2.2, table 2-4). `some`: 0 is a Protocol Error. */
const PROPERTIES: Record<number, [Kind, ...Place[]]> = {
  0x01: ["flag", "publish", "will"], // payload format indicator
  0x02: ["u32", "publish", "will"], // message expiry interval
  0x03: ["text", "publish", "will"], // content type
  0x08: ["text", "publish", "will"], // response topic
  0x09: ["binary", "publish", "will"], // correlation data
  0x0b: ["varint", "publish", "subscribe"], // subscription identifier; in a client's PUBLISH it is refused later
  0x11: ["u32", "connect", "disconnect"], // session expiry interval
  0x15: ["text", "connect", "auth"], // authentication method
  0x16: ["binary", "connect", "auth"], // authentication data
  0x17: ["flag", "connect"], // request problem information
  0x18: ["u32", "will"], // will delay interval
  0x19: ["flag", "connect"], // request response information
  0x1f: ["text", "ack", "disconnect", "auth"], // reason string
  0x21: ["some16", "connect"], // receive maximum
  0x22: ["u16", "connect"], // topic alias maximum
  0x23: ["u16", "publish"], // topic alias; 0 has a code of its own, given later
  0x27: ["some32", "connect"], // maximum packet size
}

/** Passes a property block and gives its user properties in their order: the library groups them by name. */
export function passProperties(cursor: Cursor, place: Place): UserProperty[] {
  const pairs: UserProperty[] = []
  const seen = new Set<number>()
  const length = cursor.varint()
  const end = cursor.at + length
  while (cursor.at < end) {
    const id = cursor.varint()
    if (id === USER_PROPERTY) pairs.push([cursor.text(), cursor.text()])
    else passProperty(cursor, id, place, seen)
  }
  if (cursor.at !== end) throw new Fault(R_MALFORMED, "a property beyond the end of its block")
  return pairs
}

function passProperty(cursor: Cursor, id: number, place: Place, seen: Set<number>): void {
  const [kind, ...places] = PROPERTIES[id] ?? []
  if (!kind || !places.includes(place)) throw new Fault(R_MALFORMED, `property ${hex(id)} in ${place}`)
  if (seen.has(id)) throw new Fault(R_PROTOCOL_ERROR, `property ${hex(id)} twice`)
  seen.add(id)
  passValue(cursor, kind)
}

function passValue(cursor: Cursor, kind: Kind): void {
  switch (kind) {
    case "flag":
      if (cursor.u8() > 1) throw new Fault(R_PROTOCOL_ERROR, "a flag that is neither 0 nor 1")
      return
    case "some16":
      if (cursor.u16() === 0) throw new Fault(R_PROTOCOL_ERROR, "a Receive Maximum of 0")
      return
    case "some32":
      if (cursor.u32() === 0) throw new Fault(R_PROTOCOL_ERROR, "a Maximum Packet Size of 0")
      return
    case "text":
      return cursor.passText()
    default:
      cursor[kind]()
  }
}
