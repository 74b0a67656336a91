/** What a handler may ask of a message of MQTT 5: its third argument, the whole PUBLISH, knows the rest. */
import { u16At } from "../encode"
import * as P from "./properties"

/** Text of the sender's choice, a MIME type mostly (clause 3.3.2.3.9). */
export const contentType = (packet: string): string | undefined => P.publishProperty(packet, P.CONTENT_TYPE)

/** Where the sender wants its answer (clause 3.3.2.3.5). */
export const responseTopic = (packet: string): string | undefined => P.publishProperty(packet, P.RESPONSE_TOPIC)

/** What the answer must bring along (clause 3.3.2.3.6): any bytes. */
export const correlationData = (packet: string): string | undefined => P.publishProperty(packet, P.CORRELATION_DATA)

/** Seconds after which the message is old, as the broker has counted them down (clause 3.3.2.3.3). */
export const messageExpiryS = (packet: string): number | undefined =>
  P.publishProperty<number>(packet, P.MESSAGE_EXPIRY)

/** True when the sender says that the payload is UTF-8 text (clause 3.3.2.3.2). */
export const isUtf8 = (packet: string): boolean => P.publishProperty<number>(packet, P.PAYLOAD_FORMAT) === 1

/** Identifier of the `nth` subscription that the message was sent for, counted from 0; undefined behind the last (clause 3.3.2.3.8). */
export const subscriptionId = (packet: string, nth?: number): number | undefined =>
  P.publishProperty<number>(packet, P.SUBSCRIPTION_ID, nth)

/** The `nth` user property as name and value, counted from 0; undefined behind the last (clause 3.3.2.3.7). */
export function userProperty(packet: string, nth?: number): [name: string, value: string] | undefined {
  const pair = P.publishProperty(packet, P.USER_PROPERTY, nth)
  if (pair === undefined) return undefined
  const valueAt = 2 + u16At(pair, 0)
  return [pair.substring(2, valueAt), pair.substr(valueAt + 2)]
}
