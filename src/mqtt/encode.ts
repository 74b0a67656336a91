import { CONNECT } from "./constants"

/** One character per byte: what Espruino's sockets take and give. */
export const chr = String.fromCharCode

/** Two bytes, most significant first (clause 1.5.2). */
export const u16 = (value: number): string => chr(value >> 8, value & 255)

/** A length-prefixed field (clause 1.5.3). `text` is already bytes. */
export const field = (text: string): string => u16(text.length) + text

/** The variable-length integer of the fixed header (clause 2.2.3): 0 to 268,435,455 in one to four bytes. */
export const remainingLength = (bytes: number): string =>
  bytes < 128 ? chr(bytes) : chr((bytes & 127) | 128) + remainingLength(bytes >> 7)

/** A whole packet: first byte, remaining length, the rest. */
export const frame = (firstByte: number, rest: string): string => chr(firstByte) + remainingLength(rest.length) + rest

export interface Will {
  topic: string
  payload: string
  qos?: 0 | 1
  retain?: boolean
}

export interface ConnectFields {
  clientId: string
  /** Seconds, 0 (none) to 65,535. */
  keepAliveS: number
  /** True asks the broker to keep subscriptions and undelivered messages for this client id. */
  keepSession?: boolean | undefined
  will?: Will | undefined
  user?: string | undefined
  password?: string | undefined
}

/** CONNECT (clause 3.1). A password without a user is not sent: [MQTT-3.1.2-22] forbids it. */
export function connectPacket({ clientId, keepAliveS, keepSession, will, user, password }: ConnectFields): string {
  let flags = keepSession ? 0 : 2
  let payload = field(clientId)
  if (will) {
    flags |= 4 | (will.qos! << 3) | (will.retain ? 32 : 0)
    payload += field(will.topic) + field(will.payload)
  }
  if (user) {
    flags |= 128
    payload += field(user)
    if (password) {
      flags |= 64
      payload += field(password)
    }
  }
  return frame(CONNECT, `\0\x04MQTT\x04${chr(flags)}${u16(keepAliveS)}${payload}`)
}
