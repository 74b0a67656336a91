import mqtt from "mqtt-packet"
import type { IConnectPacket, IPublishPacket, ISubscription, Packet } from "mqtt-packet"
import { Broker } from "../../../sim/broker/broker"
import type { BrokerOptions } from "../../../sim/broker/broker"
import type { ClientConnection } from "../../../sim/broker/connection"
import { Clock } from "../../../sim/clock/clock"
import type { HouseEvent } from "../../../sim/events"

type Qos = 0 | 1 | 2
type PublishOptions = {
  qos?: Qos
  retain?: boolean
  messageId?: number
  dup?: boolean
  properties?: IPublishPacket["properties"]
}

/** A broker on its own clock, and clients that are bytes and nothing else. */
export function bench(options: BrokerOptions = {}) {
  const clock = new Clock()
  const events: HouseEvent[] = []
  const broker = new Broker(clock, (event) => events.push(event), options)
  const reasons = () =>
    events.flatMap((event) => (event.kind === "mqtt" && event.action === "drop" ? [event.reason] : []))
  return {
    clock,
    broker,
    events,
    reasons,
    peer: (connect?: Partial<IConnectPacket> | false) => new Peer(broker, connect),
    /** A client of 5.0 that keeps its session for an hour unless told otherwise. */
    five: (connect: Partial<IConnectPacket> = {}) => new Peer(broker, { clean: false, ...connect, protocolVersion: 5 }),
  }
}

export const HOUR_S = 3600

export class Peer {
  readonly heard: Packet[] = []
  /** Every byte, packet by packet as the broker wrote them. */
  readonly written: Buffer[] = []
  isClosed = false
  private readonly version: number
  private readonly connection: ClientConnection

  constructor(broker: Broker, options: Partial<IConnectPacket> | false = {}) {
    this.version = options ? (options.protocolVersion ?? 4) : 4
    const parser = mqtt.parser({ protocolVersion: this.version })
    parser.on("packet", (packet: Packet) => this.heard.push(packet))
    // Who writes its own CONNECT may get answers of another version than is read here.
    if (options === false) parser.on("error", () => undefined)
    this.connection = broker.accept({
      peer: "peer",
      write: (bytes) => {
        this.written.push(bytes)
        parser.parse(bytes)
      },
      close: () => (this.isClosed = true),
    })
    if (options !== false) this.connect(options)
  }

  private connect(options: Partial<IConnectPacket>): void {
    const properties = this.version === 5 ? { sessionExpiryInterval: HOUR_S, ...options.properties } : undefined
    this.send({
      cmd: "connect",
      protocolId: "MQTT",
      protocolVersion: 4,
      clientId: "peer",
      clean: true,
      keepalive: 0,
      ...options,
      properties,
    })
  }

  send(packet: Packet): this {
    return this.raw(mqtt.generate(packet, { protocolVersion: this.version }))
  }

  raw(bytes: Buffer | number[]): this {
    this.connection.receive(Buffer.from(bytes))
    return this
  }

  /** The connection breaks without DISCONNECT. */
  vanish(): void {
    this.connection.onStreamClosed("connection reset")
  }

  subscribe(topic: string, qos: Qos = 0, options: Partial<ISubscription> & { id?: number } = {}): this {
    const { id, ...rest } = options
    const properties = id === undefined ? undefined : { subscriptionIdentifier: id }
    return this.send({ cmd: "subscribe", messageId: 77, subscriptions: [{ topic, qos, ...rest }], properties })
  }

  publish(topic: string, payload: string, options: PublishOptions = {}): this {
    const { qos = 0, retain = false, messageId = qos ? 5 : undefined, dup = false, properties } = options
    return this.send({ cmd: "publish", topic, payload, qos, retain, messageId, dup, properties })
  }

  /** PUBACK, PUBREC ... with a reason code for 5.0. */
  answer(cmd: "puback" | "pubrec" | "pubrel" | "pubcomp", messageId: number, reasonCode = 0): this {
    return this.send({ cmd, messageId, reasonCode })
  }

  /** What was heard, short: "connack 0", "publish a q1 #3 dup hi", "puback #5 0x10", "publish a@1 q0 hi" with alias 1. */
  get said(): string[] {
    return this.heard.map(short)
  }

  /** The newest packet's properties. */
  get properties(): Record<string, unknown> {
    return (this.heard.at(-1) as { properties?: Record<string, unknown> }).properties ?? {}
  }

  /** Forgets what was heard so far: tests look at what comes then. */
  forget(): this {
    this.heard.length = 0
    this.written.length = 0
    return this
  }
}

function short(packet: Packet): string {
  const id = packet.messageId ? ` #${packet.messageId}` : ""
  if (packet.cmd === "connack")
    return `connack ${packet.returnCode ?? code(packet.reasonCode)}${packet.sessionPresent ? " present" : ""}`
  if (packet.cmd === "suback") return `suback ${packet.granted.join()}`
  if (packet.cmd === "publish") return shortPublish(packet, id)
  const reason = "reasonCode" in packet && packet.reasonCode ? ` ${code(packet.reasonCode)}` : ""
  const granted = packet.cmd === "unsuback" && packet.granted?.length ? ` ${packet.granted.join()}` : ""
  return packet.cmd + id + reason + granted
}

function shortPublish(packet: IPublishPacket, id: string): string {
  const { topic, qos, dup, retain, payload, properties } = packet
  const alias = properties?.topicAlias ? `@${properties.topicAlias}` : ""
  return `publish ${topic}${alias} q${qos}${id}${dup ? " dup" : ""}${retain ? " retain" : ""} ${payload}`
}

/** 0 stays 0, other reason codes are written as the standard writes them. */
function code(reason = 0): string {
  return reason ? `0x${reason.toString(16).padStart(2, "0")}` : "0"
}
