import { CONNECT } from "./constants"

/** One character per byte: what Espruino's sockets take and give. */
export const chr = String.fromCharCode

/** NaN behind the end. Where every block counts, `charCodeAt` stands instead of this call. */
export const byteAt = (bytes: string, at: number): number => bytes.charCodeAt(at)

/** Two bytes, most significant first (clause 1.5.2). */
export const u16 = (value: number): string => chr(value >> 8, value & 255)

/** A length-prefixed field (clause 1.5.3). `text` is already bytes. */
export const field = (text: string): string => u16(text.length) + text

/** A variable-length integer (clause 2.2.3): 0 to 268,435,455 in one to four bytes. */
export const varint = (value: number): string =>
  value < 128 ? chr(value) : chr((value & 127) | 128) + varint(value >> 7)

/** A whole packet: first byte, remaining length, the rest. */
export const frame = (firstByte: number, rest: string): string => chr(firstByte) + varint(rest.length) + rest

/** A part of CONNECT that has flags: what `will` and `login` make. */
export interface ConnectPart {
  readonly _flags: number
  readonly _bytes: string
  /** Of a will in MQTT 5. */
  readonly _properties?: string
}

/** What the broker publishes for us when the connection ends without a DISCONNECT (clauses 3.1.2.5 to 3.1.2.7). */
export const will = (topic: string, payload: string, qos?: 0 | 1 | 2, retain?: boolean): ConnectPart => ({
  _flags: 4 | (qos! << 3) | (retain ? 32 : 0),
  _bytes: field(topic) + field(payload),
})

/** User name and password (clauses 3.1.2.8, 3.1.2.9); either may be absent, but 3.1.1 takes no password alone [MQTT-3.1.2-22]. */
export const login = (user?: string, password?: string): ConnectPart => ({
  _flags: (user === undefined ? 0 : 128) | (password === undefined ? 0 : 64),
  _bytes: (user === undefined ? "" : field(user)) + (password === undefined ? "" : field(password)),
})

export interface ConnectFields {
  /** Empty asks the broker for an id: MQTT 5, or 3.1.1 without `keepSession` [MQTT-3.1.3-7]. */
  clientId: string
  /** Seconds, 0 (none) to 65,535. */
  keepAliveS: number
  /** True asks the broker to keep subscriptions and undelivered messages for this client id. */
  keepSession?: boolean | undefined
  will?: ConnectPart | undefined
  login?: ConnectPart | undefined
}

/** CONNECT of MQTT 3.1.1 (clause 3.1). */
export function connectPacket({ clientId, keepAliveS, keepSession, will, login }: ConnectFields): string {
  const flags = (keepSession ? 0 : 2) | (will ? will._flags : 0) | (login ? login._flags : 0)
  const fixed = "\0\x04MQTT\x04" + chr(flags) + u16(keepAliveS) + field(clientId)
  return frame(CONNECT, fixed + (will ? will._bytes : "") + (login ? login._bytes : ""))
}
