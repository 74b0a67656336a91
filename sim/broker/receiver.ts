import { isUtf8 } from "node:buffer"
import type { IPublishPacket } from "mqtt-packet"
import type { Message } from "../events"
import type { Broker } from "./broker"
import type { Link } from "./link"
import { bytesOf, carried } from "./message"
import type { UserProperty } from "./property-block"
import * as reason from "./reason"
import { Fault, R_PROTOCOL_ERROR, R_SUCCESS, isFailure } from "./reason"
import type { Session } from "./session"
import { isTopicName } from "./topic"

/** Messages from one client over one connection, within the broker's limits. */
export class Receiver {
  private readonly aliases = new Map<number, string>()
  /** Ids of QoS 1 and 2 that the client has not heard the end of. */
  private readonly unfinished = new Set<number>()

  constructor(
    private readonly broker: Broker,
    private readonly link: Link,
    private readonly session: Session,
  ) {}

  onPublish(packet: IPublishPacket, pairs: UserProperty[] = []): void {
    const topic = this.topicOf(packet)
    this.assertAllowed(packet)
    const { qos, messageId: id = 0 } = packet
    if (qos > 0) this.count(id)
    // [MQTT-4.3.3-10] of 5.0: known until PUBREL, and not routed again
    const isRepeat = qos === 2 && this.session.incomingQos2.has(id)
    const code = isRepeat ? R_SUCCESS : this.take(packet, topic, pairs)
    if (qos > 0) this.acknowledge(qos === 1 ? "puback" : "pubrec", id, code)
  }

  onPubrel(id: number): void {
    const isKnown = this.session.incomingQos2.delete(id)
    const reasonCode = isKnown ? R_SUCCESS : reason.R_ID_NOT_FOUND
    if (this.link.send({ cmd: "pubcomp", messageId: id, reasonCode }) === "sent") this.unfinished.delete(id)
  }

  private take(packet: IPublishPacket, topic: string, pairs: UserProperty[]): number {
    const { qos, retain, messageId } = packet
    const { nowUs: atUs, clientId: from } = this.link
    const message: Message = { atUs, from, topic, payload: bytesOf(packet.payload), qos, retain }
    const properties = this.link.isFive ? carried(packet.properties, pairs) : undefined
    if (properties) message.properties = properties
    const verdict = this.judge(packet, message)
    if (isFailure(verdict)) return verdict
    if (qos === 2) this.session.incomingQos2.add(messageId!)
    return this.broker.route(message) > 0 ? R_SUCCESS : reason.R_NO_MATCHING_SUBSCRIBERS
  }

  private judge({ payload, properties }: IPublishPacket, message: Message): number {
    const { capabilities, policy } = this.broker
    const isText = capabilities.checksPayloadFormat && properties?.payloadFormatIndicator
    if (isText && !isUtf8(Buffer.from(payload))) return reason.R_PAYLOAD_FORMAT_INVALID
    return policy.publish?.(message) ?? R_SUCCESS
  }

  private acknowledge(cmd: "puback" | "pubrec", messageId: number, reasonCode: number): void {
    const properties = isFailure(reasonCode) ? { reasonString: "the message was not taken" } : undefined
    const isSaid = this.link.send({ cmd, messageId, reasonCode, properties }) === "sent"
    // A failing PUBREC ends the exchange (5.0 §4.3.3); a good one is only its middle.
    if (isSaid && (cmd === "puback" || isFailure(reasonCode))) this.unfinished.delete(messageId)
  }

  /** [MQTT-3.3.4-7, -8] of 5.0, from this side */
  private count(id: number): void {
    this.unfinished.add(id)
    const { receiveMaximum } = this.broker.capabilities
    if (this.link.isFive && this.unfinished.size > receiveMaximum)
      throw new Fault(reason.R_RECEIVE_MAXIMUM_EXCEEDED, `more than ${receiveMaximum} unacknowledged messages`)
  }

  /** 5.0 §3.3.2.3.4. An alias holds for this connection and this direction. */
  private topicOf({ topic, properties }: IPublishPacket): string {
    const alias = properties?.topicAlias
    const known = alias !== undefined && topic === "" ? this.aliases.get(alias) : undefined
    if (alias !== undefined && (alias === 0 || alias > this.broker.capabilities.topicAliasMaximum))
      throw new Fault(reason.R_ALIAS_INVALID, `topic alias ${alias}`)
    if (alias !== undefined && topic === "" && !known)
      throw new Fault(R_PROTOCOL_ERROR, `topic alias ${alias} is not set`)
    if (!isTopicName(known ?? topic)) throw new Fault(R_PROTOCOL_ERROR, `PUBLISH to ${JSON.stringify(topic)}`)
    if (alias !== undefined && topic) this.aliases.set(alias, topic)
    return known ?? topic
  }

  /** What CONNACK said is not to be had [MQTT-3.2.2-11, -14] of 5.0, and what only a server may say. */
  private assertAllowed({ qos, retain, properties }: IPublishPacket): void {
    const { maximumQos, retainAvailable } = this.broker.capabilities
    if (qos > maximumQos) throw new Fault(reason.R_QOS_NOT_SUPPORTED, `QoS ${qos} is not supported`)
    if (retain && !retainAvailable) throw new Fault(reason.R_RETAIN_NOT_SUPPORTED, "retain is not supported")
    if (properties?.subscriptionIdentifier !== undefined)
      throw new Fault(R_PROTOCOL_ERROR, "a subscription identifier from a client") // [MQTT-3.3.4-6]
    if (properties?.responseTopic !== undefined && !isTopicName(properties.responseTopic))
      throw new Fault(R_PROTOCOL_ERROR, `response topic ${JSON.stringify(properties.responseTopic)}`) // [MQTT-3.3.2-14]
  }
}
