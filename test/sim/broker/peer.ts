import mqtt from "mqtt-packet"
import type { IConnectPacket, Packet } from "mqtt-packet"
import { Broker } from "../../../sim/broker/broker"
import type { ClientConnection } from "../../../sim/broker/connection"
import { Clock } from "../../../sim/clock/clock"
import type { HouseEvent } from "../../../sim/events"

/** A broker on its own clock, and clients that are bytes and nothing else. */
export function bench() {
  const clock = new Clock()
  const events: HouseEvent[] = []
  const broker = new Broker(clock, (event) => events.push(event))
  const reasons = () =>
    events.flatMap((event) => (event.kind === "mqtt" && event.action === "drop" ? [event.reason] : []))
  return {
    clock,
    broker,
    events,
    reasons,
    peer: (options?: Partial<IConnectPacket> | false) => new Peer(broker, options),
  }
}

export class Peer {
  readonly heard: Packet[] = []
  isClosed = false
  private readonly connection: ClientConnection

  constructor(broker: Broker, options: Partial<IConnectPacket> | false = {}) {
    const parser = mqtt.parser({ protocolVersion: 4 })
    parser.on("packet", (packet: Packet) => this.heard.push(packet))
    this.connection = broker.accept({
      peer: "peer",
      write: (bytes) => parser.parse(bytes),
      close: () => (this.isClosed = true),
    })
    if (options !== false)
      this.send({
        cmd: "connect",
        protocolId: "MQTT",
        protocolVersion: 4,
        clientId: "peer",
        clean: true,
        keepalive: 0,
        ...options,
      })
  }

  send(packet: Packet): this {
    return this.raw(mqtt.generate(packet))
  }

  raw(bytes: Buffer | number[]): this {
    this.connection.receive(Buffer.from(bytes))
    return this
  }

  /** The connection breaks without DISCONNECT. */
  vanish(): void {
    this.connection.onStreamClosed("connection reset")
  }

  subscribe(topic: string, qos: 0 | 1 | 2 = 0): this {
    return this.send({ cmd: "subscribe", messageId: 77, subscriptions: [{ topic, qos }] })
  }

  publish(
    topic: string,
    payload: string,
    options: { qos?: 0 | 1 | 2; retain?: boolean; messageId?: number; dup?: boolean } = {},
  ): this {
    const { qos = 0, retain = false, messageId = qos ? 5 : undefined, dup = false } = options
    return this.send({ cmd: "publish", topic, payload, qos, retain, messageId, dup })
  }

  /** What was heard, short: "connack 0", "publish a q1 #3 dup hi". */
  get said(): string[] {
    return this.heard.map(short)
  }
}

function short(packet: Packet): string {
  const id = packet.messageId ? ` #${packet.messageId}` : ""
  if (packet.cmd === "connack") return `connack ${packet.returnCode}${packet.sessionPresent ? " present" : ""}`
  if (packet.cmd === "suback") return `suback ${packet.granted.join()}`
  if (packet.cmd !== "publish") return packet.cmd + id
  return `publish ${packet.topic} q${packet.qos}${id}${packet.dup ? " dup" : ""}${packet.retain ? " retain" : ""} ${packet.payload}`
}
