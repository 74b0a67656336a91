/**
 * `motewire/mqtt`: the chip's MQTT client as a library for Node, with what it stands on there. Byte strings in and
 * out: each character is a byte, so text is UTF-8 as `toBytes` makes it.
 */

// All of it, with a supervisor that comes back: what a script wants.
export { connect, type Connection, type ConnectOptions } from "./connect"
export { toBytes, toText } from "./bytes"

// The client in parts: nothing but src/mqtt, the same files that go into a bundle.
export { createMqtt } from "../../src/mqtt/client"
export { createSession, DROP_NEWEST, DROP_OLDEST, REFUSE } from "../../src/mqtt/session"
export { qos1 } from "../../src/mqtt/qos1"
export { MAX_RECEIVED, qos2 } from "../../src/mqtt/qos2"
export { will } from "../../src/mqtt/will"
export { login } from "../../src/mqtt/login"
export { unsubscribe } from "../../src/mqtt/unsubscribe"
export { isDuplicate, isRetained, qosOf } from "../../src/mqtt/message"
export { keepInMemory, persistent } from "../../src/mqtt/persistence"
export { slices, type SliceHandler, type SlicedSubscriptions } from "../../src/mqtt/slices"
export { isText } from "../../src/mqtt/utf8"
export { explain } from "../../src/mqtt/explain"
export { reasonText } from "../../src/mqtt/reason"
export * from "../../src/mqtt/constants"
export type * from "../../src/mqtt/contract"
export type { ConnectFields, ConnectPart } from "../../src/mqtt/encode"
export type { Five, Persistence, Session, Slices } from "../../src/mqtt/parts"
export type { FullPolicy } from "../../src/mqtt/session"

// MQTT 5.
export { mqtt5, will5, type Authenticator, type Mqtt5, type Mqtt5Options } from "../../src/mqtt/v5/mqtt5"
export { requester, respond, type OnResponse, type Requester } from "../../src/mqtt/v5/request"
export { scramSha256 } from "../../src/mqtt/v5/scram"
export * from "../../src/mqtt/v5/message"
/** Identifiers for `Mqtt5.announced`. */
export {
  MAXIMUM_PACKET_SIZE,
  MAXIMUM_QOS,
  RECEIVE_MAXIMUM,
  RESPONSE_INFORMATION,
  RETAIN_AVAILABLE,
  SERVER_KEEP_ALIVE,
  SESSION_EXPIRY,
  SHARED_AVAILABLE,
  SUBSCRIPTION_IDS_AVAILABLE,
  TOPIC_ALIAS_MAXIMUM,
  WILDCARDS_AVAILABLE,
  type UserProperties,
} from "../../src/mqtt/v5/properties"

// What it asks of the world, for those who bring their own.
export type { Network, Socket } from "../../src/hal/socket"
export type { Alarm, Clock } from "../../src/hal/clock"

// What Node gives it.
export { hostClock } from "./clock"
export { hostCrypto } from "./crypto"
export { tcp } from "./tcp"
export { tls } from "./tls"
export type { Pem, TlsOptions } from "./tls-options"
export { webSocket, type WebSocketOptions } from "./web-socket"
