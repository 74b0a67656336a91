import mqtt from "mqtt-packet"
import type { IConnectPacket, IPublishPacket, ISubackPacket, ISubscribePacket, Packet } from "mqtt-packet"
import type { Clock } from "../clock/clock"
import type { HouseEvent, Message, MqttAction } from "../events"
import type { Connection } from "./connection"
import type { Ledger } from "./ledger"

/** Who hears what passes. */
export interface Teller {
  tell(event: HouseEvent): void
  /** A message that the broker has, by one of our boards or by somebody else. Tells its `publish` event too. */
  note(message: Message): void
}

/** Sender of what came from other clients: MQTT does not say who they are. */
const STRANGER = "broker"

/** Reads one board's conversation with a real broker and says what the built-in broker would say of it. Changes nothing. */
export class Watcher {
  clientId = ""
  private connect: IConnectPacket | undefined
  private isLeaving = false
  private readonly subscribing = new Map<number, ISubscribePacket>()
  /** QoS 2 from the board that is not released yet: sent again, it is no second message. */
  private readonly unreleased = new Set<number>()
  /** QoS 1 and 2 to the board, by id. */
  private readonly delivered = new Map<number, IPublishPacket>()
  /** Topics by alias (MQTT 5), each direction its own. */
  private readonly boardAliases = new Map<number, string>()
  private readonly brokerAliases = new Map<number, string>()
  private readonly board = reader(4, (packet) => this.onBoardPacket(packet))
  /** Made at the CONNECT: packets do not say which version they are of. */
  private broker: mqtt.Parser | undefined

  constructor(
    readonly connection: Connection,
    private readonly clock: Clock,
    private readonly ledger: Ledger,
    private readonly teller: Teller,
  ) {}

  fromBoard(bytes: Buffer): void {
    this.board.parse(bytes)
  }

  fromBroker(bytes: Buffer): void {
    this.broker?.parse(bytes)
  }

  onClosed(reason: string): void {
    const wasOnline = this.connection.isOnline
    this.connection.isOnline = false
    if (this.isLeaving) this.say("disconnect")
    else if (wasOnline) this.say("drop", { reason })
  }

  private onBoardPacket(packet: Packet): void {
    switch (packet.cmd) {
      case "connect":
        return this.onConnect(packet)
      case "publish":
        return this.onPublish(packet)
      case "pubrel":
        return void this.unreleased.delete(packet.messageId!)
      case "puback":
      case "pubcomp":
        return this.onAck(packet.messageId!)
      case "subscribe":
        return void this.subscribing.set(packet.messageId!, packet)
      case "unsubscribe":
        return packet.unsubscriptions.forEach((topic) => this.say("unsubscribe", { topic }))
      case "pingreq":
        return this.say("ping")
      case "disconnect":
        this.isLeaving = true
    }
  }

  private onConnect(packet: IConnectPacket): void {
    this.connect = packet
    this.clientId = packet.clientId || this.connection.line.device
    this.broker = reader(packet.protocolVersion ?? 4, (answer) => this.onBrokerPacket(answer))
  }

  private onBrokerPacket(packet: Packet): void {
    if (packet.cmd === "connack") this.onConnack(packet.returnCode ?? packet.reasonCode ?? 0, packet.sessionPresent)
    if (packet.cmd === "suback") this.onSuback(packet)
    if (packet.cmd === "publish") this.onDelivery(packet)
  }

  private onConnack(returnCode: number, isPresent: boolean): void {
    if (returnCode) return this.say("refuse", { reason: `return code ${returnCode}` })
    this.connection.isOnline = true
    const keepAliveS = this.connect?.keepalive ?? 0
    this.say("connect", { reason: `${isPresent ? "kept session" : "new session"}, keep-alive ${keepAliveS} s` })
  }

  private onPublish(packet: IPublishPacket): void {
    resolveAlias(packet, this.boardAliases)
    if (packet.qos === 2) {
      if (this.unreleased.has(packet.messageId!)) return
      this.unreleased.add(packet.messageId!)
    }
    const message = this.messageOf(packet, this.clientId)
    this.ledger.enter(message.topic, message.payload)
    this.teller.note(message)
  }

  private onSuback({ messageId, granted }: ISubackPacket): void {
    const wishes = this.subscribing.get(messageId!)?.subscriptions ?? []
    this.subscribing.delete(messageId!)
    wishes.forEach(({ topic, qos }, i) => {
      // 0x80 and up is a refusal: one code in 3.1.1, several in 5.0.
      if ((granted[i] as number) < 0x80) this.say("subscribe", { topic, qos })
    })
  }

  private onDelivery(packet: IPublishPacket): void {
    resolveAlias(packet, this.brokerAliases)
    const message = this.messageOf(packet, STRANGER)
    const { dup, retain } = packet
    if (this.ledger.isNew({ topic: message.topic, payload: message.payload, dup, retain }, this.clientId))
      this.teller.note(message)
    if (packet.qos > 0) this.delivered.set(packet.messageId!, packet)
    this.say("deliver", { topic: packet.topic, qos: packet.qos })
  }

  private onAck(messageId: number): void {
    const packet = this.delivered.get(messageId)
    if (packet) this.say("ack", { topic: packet.topic, qos: packet.qos })
    this.delivered.delete(messageId)
  }

  private messageOf({ topic, payload, qos, retain }: IPublishPacket, from: string): Message {
    return { atUs: this.clock.nowUs, from, topic, payload: Buffer.from(payload).toString("latin1"), qos, retain }
  }

  private say(action: MqttAction, fields: { topic?: string; qos?: number; reason?: string } = {}): void {
    const client = this.clientId
    this.teller.tell({ atUs: this.clock.nowUs, device: "house", kind: "mqtt", action, client, ...fields })
  }
}

/** The topic that an alias stands for is put in its place; one that was never told stays empty. */
function resolveAlias(packet: IPublishPacket, aliases: Map<number, string>): void {
  const alias = packet.properties?.topicAlias
  if (alias === undefined) return
  if (packet.topic) aliases.set(alias, packet.topic)
  else packet.topic = aliases.get(alias) ?? ""
}

/** What cannot be read is the broker's and the board's affair: the rest of that direction passes unread. */
function reader(protocolVersion: number, onPacket: (packet: Packet) => void): mqtt.Parser {
  const parser = mqtt.parser({ protocolVersion })
  parser.on("packet", onPacket)
  parser.on("error", () => undefined)
  return parser
}
