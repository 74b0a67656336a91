/** What a handler may ask of a message besides payload and topic: its third argument, the whole PUBLISH, knows (clause 3.3.1). */
import { byteAt } from "./encode"
import { FLAG_DUP, FLAG_RETAIN } from "./constants"

/** True for a message the broker had kept before the subscription; with MQTT 5's "retain as published", as it was published. */
export const isRetained = (packet: string): boolean => !!(byteAt(packet, 0) & FLAG_RETAIN)

/** True when the broker may have sent it before; a QoS 2 message is handed on only once all the same. */
export const isDuplicate = (packet: string): boolean => !!(byteAt(packet, 0) & FLAG_DUP)

/** The QoS it was sent with, which is the lower of the publisher's and the subscription's. */
export const qosOf = (packet: string): number => (byteAt(packet, 0) >> 1) & 3
