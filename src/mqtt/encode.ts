import { CONNECT } from "./constants"

/** False in a bundle that makes none. */
declare const __WILL__: boolean
declare const __LOGIN__: boolean
/** False in a bundle that speaks 3.1.1 alone. */
declare const __MQTT5__: boolean
/** False in one that speaks 5.0 alone. */
declare const __MQTT3__: boolean

/** One character per byte: what Espruino's sockets take and give. */
export const chr = String.fromCharCode

/** NaN behind the end. Where every block counts, `charCodeAt` stands instead of this call. */
export const byteAt = (bytes: string, at: number): number => bytes.charCodeAt(at)

/** Two bytes, most significant first (clause 1.5.2). */
export const u16 = (value: number): string => chr(value >> 8, value & 255)

/** The two bytes at `at` again; NaN when they are not all there. Without MQTT 5 it has too few uses to be worth its bytes. */
export const u16At = (packet: string, at: number): number => byteAt(packet, at) * 256 + byteAt(packet, at + 1)

/** A length-prefixed field (clause 1.5.3). `text` is already bytes. */
export const field = (text: string): string => u16(text.length) + text

/** A variable-length integer (clause 2.2.3): 0 to 268,435,455 in one to four bytes. */
export const varint = (value: number): string =>
  value < 128 ? chr(value) : chr((value & 127) | 128) + varint(value >> 7)

/** A whole packet: first byte, remaining length, the rest. */
export const frame = (firstByte: number, rest: string): string => chr(firstByte) + varint(rest.length) + rest

/** Topic of an encoded PUBLISH. */
export function topicOf(packet: string): string {
  let at = 1
  while (byteAt(packet, at++) > 127);
  return packet.substr(at + 2, __MQTT5__ ? u16At(packet, at) : byteAt(packet, at) * 256 + byteAt(packet, at + 1))
}

/** A part of CONNECT that has flags: what `will` (will.ts) and `login` (login.ts) make. */
export interface ConnectPart {
  readonly _flags: number
  readonly _bytes: string
  /** Of a will in MQTT 5. */
  readonly _properties?: string
}

export interface ConnectFields {
  /** Empty asks the broker for an id: MQTT 5, or 3.1.1, where `keepSession` then means nothing [MQTT-3.1.3-7]. */
  clientId: string
  /** Seconds, 0 (none) to 65,535. */
  keepAliveS: number
  /** True asks the broker to keep subscriptions and undelivered messages for this client id. */
  keepSession?: boolean | undefined
  will?: ConnectPart | undefined
  login?: ConnectPart | undefined
}

/** CONNECT (clause 3.1). With `properties`, which stand in front of the client id, that of MQTT 5. */
export function connectPacket(fields: ConnectFields, properties: string): string {
  const will = __WILL__ && fields.will
  const login = __LOGIN__ && fields.login
  const isFive = __MQTT5__ && (!__MQTT3__ || properties)
  // In 3.1.1 there is no session without an id [MQTT-3.1.3-7].
  const isKept = fields.keepSession && (isFive || fields.clientId)
  let flags = isKept ? 0 : 2
  if (will) flags |= will._flags
  if (login) flags |= login._flags
  return frame(
    CONNECT,
    "\0\x04MQTT" +
      chr(isFive ? 5 : 4, flags) +
      u16(fields.keepAliveS) +
      (__MQTT5__ ? properties + field(fields.clientId) : field(fields.clientId)) +
      (will ? (isFive ? (will._properties || "\0") + will._bytes : will._bytes) : "") +
      (login ? login._bytes : ""),
  )
}
