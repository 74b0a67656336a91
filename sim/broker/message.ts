import type { IPublishPacket } from "mqtt-packet"
import type { Message, MessageProperties } from "../events"
import type { UserProperty } from "./property-block"

type PublishProperties = NonNullable<IPublishPacket["properties"]>

/** What a PUBLISH or a will carries, without the fields that are for the broker alone. Undefined when there is nothing. */
export function carried(
  from: PublishProperties = {},
  userProperties: UserProperty[] = [],
): MessageProperties | undefined {
  const { payloadFormatIndicator, messageExpiryInterval, contentType, responseTopic, correlationData } = from
  return defined({
    payloadFormatIndicator,
    messageExpiryIntervalS: messageExpiryInterval,
    contentType,
    responseTopic,
    correlationData: correlationData?.toString("latin1"),
    userProperties: userProperties.length ? userProperties : undefined,
  })
}

/** The same on its way out: unaltered [MQTT-3.3.2-4, -15 to -18, -20], but for the time that has passed [MQTT-3.3.2-6]. */
export function outgoingProperties(message: Message, nowUs: number): PublishProperties {
  if (!message.properties) return {}
  const { payloadFormatIndicator, contentType, responseTopic, correlationData, userProperties } = message.properties
  const properties = {
    payloadFormatIndicator,
    messageExpiryInterval: remainingS(message, nowUs),
    contentType,
    responseTopic,
    correlationData: correlationData === undefined ? undefined : Buffer.from(correlationData, "latin1"),
    userProperties: userProperties && inOrder(userProperties),
  }
  return defined(properties) ?? {}
}

/** An expiry of 0 still reaches who is there at that very moment (5.0 §3.3.2.3.3 counts waiting time only). */
export function isExpired(message: Message, nowUs: number): boolean {
  return nowUs > message.atUs && nowUs >= expiresAtUs(message)
}

/** Infinity for a message that does not expire. */
function expiresAtUs({ atUs, properties }: Message): number {
  const intervalS = properties?.messageExpiryIntervalS
  return intervalS === undefined ? Infinity : atUs + intervalS * 1_000_000
}

export function bytesOf(payload: string | Buffer): string {
  return typeof payload === "string" ? Buffer.from(payload).toString("latin1") : payload.toString("latin1")
}

/** The received value minus the seconds of waiting; a resend of what once was sent may be late, never below 0. */
function remainingS(message: Message, nowUs: number): number | undefined {
  const atUs = expiresAtUs(message)
  return atUs === Infinity ? undefined : Math.max(0, Math.ceil((atUs - nowUs) / 1_000_000))
}

/** The library writes a list of objects in its order, one pair each; its types know only one object for all. */
function inOrder(pairs: UserProperty[]): Record<string, string> {
  return pairs.map(([name, value]) => ({ [name]: value })) as unknown as Record<string, string>
}

/** Plain data has no undefined fields: they would vanish in JSON and differ after a round trip. */
function defined<T extends object>(fields: T): T | undefined {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined)
  return entries.length ? (Object.fromEntries(entries) as T) : undefined
}
