/**
 * `motewire/mqtt`: the chip's MQTT client as a library for Node, with what it stands on there. Byte strings in and
 * out: each character is a byte, so text is UTF-8 as `Buffer.from(text).toString("latin1")` makes it.
 */

// The client: nothing but src/mqtt, the same files that go into a bundle.
export { createMqtt } from "../../src/mqtt/client"
export { createSession, DROP_NEWEST, DROP_OLDEST, REFUSE } from "../../src/mqtt/session"
export { reasonText } from "../../src/mqtt/reason"
export * from "../../src/mqtt/constants"
export type * from "../../src/mqtt/contract"
export type { FullPolicy } from "../../src/mqtt/session"

// What it asks of the world, for those who bring their own.
export type { Network, Socket } from "../../src/hal/socket"
export type { Alarm, Clock } from "../../src/hal/clock"

// What Node gives it.
export { hostClock } from "./clock"
export { tcp } from "./tcp"
export { tls } from "./tls"
export type { Pem, TlsOptions } from "./tls-options"
export { webSocket, type WebSocketOptions } from "./web-socket"
