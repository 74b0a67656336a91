/** Reason codes of MQTT 5.0 §2.4, as far as the broker says them itself. Policies may say any other. */
export const R_SUCCESS = 0x00
export const R_DISCONNECT_WITH_WILL = 0x04
export const R_NO_MATCHING_SUBSCRIBERS = 0x10
export const R_NO_SUBSCRIPTION_EXISTED = 0x11
export const R_CONTINUE_AUTHENTICATION = 0x18
export const R_REAUTHENTICATE = 0x19
export const R_UNSPECIFIED = 0x80
export const R_MALFORMED = 0x81
export const R_PROTOCOL_ERROR = 0x82
export const R_UNSUPPORTED_VERSION = 0x84
export const R_CLIENT_ID_INVALID = 0x85
export const R_BAD_USER_OR_PASSWORD = 0x86
export const R_NOT_AUTHORIZED = 0x87
export const R_SERVER_UNAVAILABLE = 0x88
export const R_SHUTTING_DOWN = 0x8b
export const R_BAD_AUTHENTICATION_METHOD = 0x8c
export const R_KEEP_ALIVE_TIMEOUT = 0x8d
export const R_TAKEN_OVER = 0x8e
export const R_FILTER_INVALID = 0x8f
export const R_ID_NOT_FOUND = 0x92
export const R_RECEIVE_MAXIMUM_EXCEEDED = 0x93
export const R_ALIAS_INVALID = 0x94
export const R_PACKET_TOO_LARGE = 0x95
export const R_ADMINISTRATIVE = 0x98
export const R_PAYLOAD_FORMAT_INVALID = 0x99
export const R_RETAIN_NOT_SUPPORTED = 0x9a
export const R_QOS_NOT_SUPPORTED = 0x9b
export const R_USE_ANOTHER_SERVER = 0x9c
export const R_SERVER_MOVED = 0x9d
export const R_SHARED_NOT_SUPPORTED = 0x9e
export const R_IDS_NOT_SUPPORTED = 0xa1
export const R_WILDCARDS_NOT_SUPPORTED = 0xa2

/** From here on a code is a failure (5.0 §2.4). */
export const isFailure = (code: number): boolean => code >= 0x80

export function hex(code: number): string {
  return `0x${code.toString(16).padStart(2, "0")}`
}

/** Why a packet is not taken: the code for a 5.0 client, the words for the log. */
export class Fault extends Error {
  constructor(
    readonly code: number,
    readonly why: string,
  ) {
    super(why)
  }
}

/** Return codes of CONNACK in 3.1.1 (§3.2.2.3), by index, as reason codes of 5.0. */
const CONNACK_REASONS = [
  R_SUCCESS,
  R_UNSUPPORTED_VERSION,
  R_CLIENT_ID_INVALID,
  R_SERVER_UNAVAILABLE,
  R_BAD_USER_OR_PASSWORD,
  R_NOT_AUTHORIZED,
]

/** Reason codes pass as they are. */
export function reasonOfReturnCode(code: number): number {
  return CONNACK_REASONS[code] ?? code
}

/** What a 3.1.1 client is told; 5, not authorized, for what it has no word for, and 3 where it should try elsewhere or later. */
export function returnCodeOfReason(reason: number): number {
  const known = CONNACK_REASONS.indexOf(reason)
  if (known >= 0) return known
  return [0x89, 0x8b, R_USE_ANOTHER_SERVER, R_SERVER_MOVED, 0x97, 0x9f].includes(reason) ? 3 : 5
}
