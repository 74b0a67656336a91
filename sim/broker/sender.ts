import type { IPublishPacket } from "mqtt-packet"
import type { Message } from "../events"
import type { Link } from "./link"
import { outgoingProperties } from "./message"
import { OutboundAliases } from "./outbound-aliases"
import type { Outbox, Outgoing, Qos } from "./outbox"
import { Fault, R_ID_NOT_FOUND, R_PROTOCOL_ERROR, R_SUCCESS, isFailure } from "./reason"

interface Flags {
  qos: Qos
  retain: boolean
  dup: boolean
  messageId?: number
}

/** Messages to one client over one connection, within the client's limits. */
export class Sender {
  private readonly aliases: OutboundAliases
  /** How many QoS 1 and 2 messages may yet be sent without an acknowledgement [MQTT-3.3.4-9, 4.9.0-1 to -3]. */
  private quota: number
  /** PUBRELs of an earlier connection: they took nothing from the quota, and PUBCOMP gives nothing back (5.0 §4.9). */
  private readonly inherited = new Set<number>()

  constructor(
    private readonly link: Link,
    private readonly outbox: Outbox,
    receiveMaximum: number,
    topicAliasMaximum: number,
  ) {
    this.quota = receiveMaximum
    this.aliases = new OutboundAliases(topicAliasMaximum)
  }

  sendOnce(message: Message, retain: boolean, ids: number[]): void {
    if (this.write(message, { qos: 0, retain, dup: false }, ids))
      this.link.tell("deliver", { topic: message.topic, qos: 0 })
  }

  /** [MQTT-4.4.0-1] what the last connection left: PUBREL where PUBREC has come, then the rest in order. */
  resume(): void {
    for (const messageId of this.outbox.rewind()) {
      this.inherited.add(messageId)
      this.link.send({ cmd: "pubrel", messageId, reasonCode: R_SUCCESS })
    }
    this.pump()
  }

  /** Sends what waits, as far as the quota goes. */
  pump(): void {
    while (this.link.isOpen && this.quota > 0 && this.outbox.hasRoom) {
      const item = this.outbox.next(this.link.nowUs)
      if (!item) return
      this.quota--
      if (!this.deliver(item)) this.finish(item)
    }
  }

  onPuback(id: number): void {
    const item = this.outbox.find(id)
    if (!item) return
    if (item.qos !== 1) throw new Fault(R_PROTOCOL_ERROR, "PUBACK for QoS 2")
    this.finish(item)
    this.tellAck(item)
    this.pump()
  }

  /** [MQTT-4.3.3-4] of 5.0: a failure ends the message. An unknown id is answered all the same. */
  onPubrec(id: number, reason: number): void {
    const item = this.outbox.find(id)
    if (item && item.qos !== 2) throw new Fault(R_PROTOCOL_ERROR, "PUBREC for QoS 1")
    if (item && isFailure(reason)) return this.onRefused(item)
    if (item) this.outbox.release(item)
    const isKnown = item ?? this.outbox.findReleased(id)
    this.link.send({ cmd: "pubrel", messageId: id, reasonCode: isKnown ? R_SUCCESS : R_ID_NOT_FOUND })
  }

  onPubcomp(id: number): void {
    if (this.outbox.find(id)) throw new Fault(R_PROTOCOL_ERROR, "PUBCOMP without PUBREC")
    const item = this.outbox.findReleased(id)
    if (!item) return
    this.outbox.complete(id)
    if (!this.inherited.delete(id)) this.quota++
    this.tellAck(item)
    this.pump()
  }

  private onRefused(item: Outgoing): void {
    this.finish(item)
    this.tellAck(item)
    this.pump()
  }

  private tellAck({ message, qos }: Outgoing): void {
    this.link.tell("ack", { topic: message.topic, qos })
  }

  /** False when the client takes no packet that large: it counts as delivered [MQTT-3.1.2-25] of 5.0. */
  private deliver(item: Outgoing): boolean {
    const { id, message, qos, retain, copy, wasSent } = item
    item.wasSent = true
    if (!this.write(message, { qos, retain, dup: wasSent, messageId: id }, copy.ids)) return false
    this.link.tell("deliver", { topic: message.topic, qos })
    return true
  }

  private write(message: Message, flags: Flags, ids: number[]): boolean {
    const payload = Buffer.from(message.payload, "latin1")
    const packet: IPublishPacket = { cmd: "publish", topic: message.topic, payload, ...flags }
    if (this.link.isFive) this.addProperties(packet, message, ids)
    if (this.link.send(packet) === "too large") return false
    if (this.link.isFive) this.aliases.keep(message.topic)
    return true
  }

  private addProperties(packet: IPublishPacket, message: Message, ids: number[]): void {
    const { topic, topicAlias } = this.aliases.wordingOf(message.topic)
    packet.topic = topic
    packet.properties = outgoingProperties(message, this.link.nowUs)
    if (topicAlias) packet.properties.topicAlias = topicAlias
    if (ids.length) packet.properties.subscriptionIdentifier = ids
  }

  private finish(item: Outgoing): void {
    this.outbox.finish(item.id)
    this.quota++
  }
}
