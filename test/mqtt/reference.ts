import { generate, type Packet } from "mqtt-packet"
import { toHex } from "../fakes/bytes"

/** A packet as the independent codec writes it, a byte string. Its texts are UTF-8 already inside. */
export const packet = (fields: Packet): string => generate(fields).toString("latin1")

export const packetHex = (fields: Packet): string => toHex(packet(fields))

/** What brokers send. */
export const connack = (returnCode = 0, sessionPresent = false): string =>
  packet({ cmd: "connack", returnCode, sessionPresent })

export const puback = (messageId: number): string => packet({ cmd: "puback", messageId })

export const suback = (messageId: number, code = 0): string => packet({ cmd: "suback", messageId, granted: [code] })

export interface Message {
  topic: string
  payload: string
  qos?: 0 | 1
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
