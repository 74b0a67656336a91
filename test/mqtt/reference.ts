import { generate, type Packet } from "mqtt-packet"
import { toHex } from "../fakes/bytes"

/** A packet as the independent codec writes it, a byte string. Its texts are UTF-8 already inside. */
export const packet = (fields: Packet): string => generate(fields).toString("latin1")

export const packetHex = (fields: Packet): string => toHex(packet(fields))

/** What brokers send. */
export const connack = (returnCode = 0, sessionPresent = false): string =>
  packet({ cmd: "connack", returnCode, sessionPresent })

export const puback = (messageId: number): string => packet({ cmd: "puback", messageId })

export const pubrec = (messageId: number): string => packet({ cmd: "pubrec", messageId })

export const pubrel = (messageId: number): string => packet({ cmd: "pubrel", messageId })

export const pubcomp = (messageId: number): string => packet({ cmd: "pubcomp", messageId })

/** Packet ids of SUBSCRIBE and of UNSUBSCRIBE for the subscription at this place in the client's table, counted from 0. */
export const requestId = (place: number): number => 0x7f00 + place
export const unsubscribeId = (place: number): number => 0x9f00 + place

export const suback = (place: number, code = 0): string =>
  packet({ cmd: "suback", messageId: requestId(place), granted: [code] })

export const unsuback = (place: number): string =>
  packet({ cmd: "unsuback", messageId: unsubscribeId(place), granted: [] })

export interface Message {
  topic: string
  payload: string
  qos?: 0 | 1 | 2
  messageId?: number
  retain?: boolean
  dup?: boolean
}

export const publish = ({ topic, payload, qos = 0, messageId, retain = false, dup = false }: Message): string => {
  const fields: Packet = { cmd: "publish", topic, payload: Buffer.from(payload, "latin1"), qos, retain, dup }
  return packet(qos ? { ...fields, messageId: messageId ?? 1 } : fields)
}

export const PINGREQ = "c0 00"
export const PINGRESP = "\xd0\x00"
export const DISCONNECT = "e0 00"
