import mqtt from "mqtt-packet"
import type { IConnectPacket, ISubscribePacket, IUnsubscribePacket, Packet, Parser } from "mqtt-packet"
import type { Alarm } from "../clock/clock"
import type { Message } from "../events"
import type { Broker } from "./broker"
import type { Outgoing, Session } from "./session"
import { isTopicFilter, isTopicName } from "./topic"

/** A byte stream to a client: a simulated connection or a real socket. */
export interface BrokerStream {
  /** Who it is for a reader of the log: a board's name, or an address. */
  readonly peer: string
  write(bytes: Buffer): void
  close(): void
  /** Called once the client's CONNECT was accepted. */
  onAccepted?(): void
}

/** Time for a CONNECT after the TCP connection, as mosquitto and aedes have it. */
const CONNECT_US = 30_000_000

/** One client's connection. Packets of a kind have one handler; anything out of order closes with a reason. */
export class ClientConnection {
  clientId = ""
  session: Session | undefined
  private readonly parser: Parser
  private will: Message | undefined
  private keepAliveUs = 0
  private lastHeardUs = 0
  private alarm: Alarm | undefined
  private isOpen = true

  constructor(
    private readonly broker: Broker,
    private readonly stream: BrokerStream,
  ) {
    this.parser = mqtt.parser({ protocolVersion: 4 })
    this.parser.on("packet", (packet: Packet) => this.onPacket(packet))
    this.parser.on("error", (error: Error) => this.drop(`malformed packet: ${error.message}`))
    this.alarm = broker.clock.after(CONNECT_US, () => this.drop("no CONNECT within 30 s"))
  }

  receive(bytes: Buffer): void {
    if (!this.isOpen) return
    this.lastHeardUs = this.broker.clock.nowUs
    this.parser.parse(bytes)
  }

  /** The stream ended by itself: without DISCONNECT the will is published [MQTT-3.1.2-8]. */
  onStreamClosed(reason: string): void {
    if (this.isOpen) this.leave("drop", reason)
  }

  /** Closes with a reason, as after a fault of the client. */
  drop(reason: string): void {
    if (!this.isOpen) return
    this.leave("drop", reason)
    this.stream.close()
  }

  deliver(item: Outgoing): void {
    const { message, qos, retain } = item
    this.send({ cmd: "publish", ...packetOf(message), qos, retain, messageId: item.id, dup: item.wasSent })
    item.wasSent = true
    this.tell("deliver", { topic: message.topic, qos })
  }

  deliverOnce(message: Message, retain: boolean): void {
    this.send({ cmd: "publish", ...packetOf(message), qos: 0, retain, dup: false })
    this.tell("deliver", { topic: message.topic, qos: 0 })
  }

  sendRaw(bytes: Buffer): void {
    this.stream.write(bytes)
  }

  private onPacket(packet: Packet): void {
    if (!this.isOpen) return
    // [MQTT-3.1.0-1], [MQTT-3.1.0-2]: CONNECT first, and once
    if ((packet.cmd === "connect") === (this.session !== undefined)) return this.drop(`${packet.cmd} out of order`)
    switch (packet.cmd) {
      case "connect":
        return this.onConnect(packet)
      case "publish":
        return this.onPublish(packet)
      case "puback":
      case "pubcomp":
        return this.onFinished(packet.messageId!)
      case "pubrec":
        return this.onPubrec(packet.messageId!)
      case "pubrel":
        this.session!.incomingQos2.delete(packet.messageId!)
        return this.send({ cmd: "pubcomp", messageId: packet.messageId! })
      case "subscribe":
        return this.onSubscribe(packet)
      case "unsubscribe":
        return this.onUnsubscribe(packet)
      case "pingreq":
        this.tell("ping", {})
        return this.send({ cmd: "pingresp" })
      case "disconnect":
        this.will = undefined
        this.leave("disconnect")
        return this.stream.close()
      default:
        return this.drop(`${packet.cmd} from a client`)
    }
  }

  private onConnect(packet: IConnectPacket): void {
    this.clientId = packet.clientId || `auto-${this.broker.nextClientNumber()}`
    // Version 5 is for later work: refused as the standards say, 1 to a 3.1.1 client and 0x84 to a 5.0 client.
    if (packet.protocolVersion === 5) return this.refuse(0x84, 5)
    // [MQTT-3.1.3-8] an empty id needs a clean session
    const code = this.broker.returnCode || (!packet.clientId && packet.clean === false ? 2 : this.broker.check(packet))
    if (code) return this.refuse(code, 4)
    if (packet.will)
      this.will = this.broker.message(
        this.clientId,
        packet.will.topic,
        bytesOf(packet.will.payload),
        packet.will.qos ?? 0,
        packet.will.retain ?? false,
      )
    const { session, isPresent } = this.broker.attach(this, packet.clean !== false)
    this.session = session
    // [MQTT-3.1.2-24] one and a half times the keep-alive
    this.keepAliveUs = (packet.keepalive ?? 0) * 1_500_000
    this.broker.clock.cancel(this.alarm)
    this.watchKeepAlive()
    this.tell("connect", {
      reason: `${isPresent ? "kept session" : "new session"}, keep-alive ${packet.keepalive ?? 0} s`,
    })
    this.send({ cmd: "connack", returnCode: 0, sessionPresent: isPresent })
    this.stream.onAccepted?.()
    for (const item of session.outgoing) this.resend(item)
  }

  /** [MQTT-4.4.0-1] same id; DUP on what was sent before; PUBREL where PUBREC has come */
  private resend(item: Outgoing): void {
    if (item.isReleased) this.send({ cmd: "pubrel", messageId: item.id })
    else this.deliver(item)
  }

  private refuse(code: number, protocolVersion: 4 | 5): void {
    const packet = protocolVersion === 5 ? { reasonCode: code } : { returnCode: code }
    this.write(mqtt.generate({ cmd: "connack", sessionPresent: false, ...packet }, { protocolVersion }))
    this.broker.tell("refuse", this, { reason: `return code ${code}` })
    this.leave("drop", undefined)
    this.stream.close()
  }

  private onPublish(packet: Packet & { cmd: "publish" }): void {
    if (!isTopicName(packet.topic)) return this.drop(`PUBLISH to "${packet.topic}"`)
    const id = packet.messageId!
    const isRepeat = packet.qos === 2 && this.session!.incomingQos2.has(id)
    if (packet.qos === 2) this.session!.incomingQos2.add(id)
    if (!isRepeat)
      this.broker.route(
        this.broker.message(this.clientId, packet.topic, bytesOf(packet.payload), packet.qos, packet.retain),
      )
    if (packet.qos === 1) this.send({ cmd: "puback", messageId: id })
    if (packet.qos === 2) this.send({ cmd: "pubrec", messageId: id })
  }

  private onFinished(id: number): void {
    const item = this.session!.find(id)
    if (item) this.tell("ack", { topic: item.message.topic, qos: item.qos })
    this.session!.finish(id)
  }

  private onPubrec(id: number): void {
    const item = this.session!.find(id)
    if (item) item.isReleased = true
    this.send({ cmd: "pubrel", messageId: id })
  }

  private onSubscribe(packet: ISubscribePacket): void {
    // [MQTT-3.8.3-3] at least one filter
    if (packet.subscriptions.length === 0) return this.drop("SUBSCRIBE without a filter")
    const isOk = ({ topic }: { topic: string }) => isTopicFilter(topic) && this.broker.maySubscribe(topic)
    const granted = packet.subscriptions.map((wish) => (isOk(wish) ? wish.qos : 0x80))
    this.send({ cmd: "suback", messageId: packet.messageId!, granted })
    for (const wish of packet.subscriptions) {
      if (!isOk(wish)) continue
      this.session!.subscriptions.set(wish.topic, wish.qos)
      this.tell("subscribe", { topic: wish.topic, qos: wish.qos })
      this.broker.sendRetained(this, wish.topic, wish.qos)
    }
  }

  private onUnsubscribe(packet: IUnsubscribePacket): void {
    for (const topic of packet.unsubscriptions) {
      this.session!.subscriptions.delete(topic)
      this.tell("unsubscribe", { topic })
    }
    this.send({ cmd: "unsuback", messageId: packet.messageId!, granted: [] })
  }

  /** One alarm that looks at the last packet heard: no alarm is moved per packet. */
  private watchKeepAlive(): void {
    if (this.keepAliveUs === 0) return
    const dueUs = this.lastHeardUs + this.keepAliveUs
    if (this.broker.clock.nowUs >= dueUs) return this.drop("keep-alive expired")
    this.alarm = this.broker.clock.at(dueUs, () => this.watchKeepAlive())
  }

  private leave(action: "disconnect" | "drop", reason?: string): void {
    this.isOpen = false
    this.broker.clock.cancel(this.alarm)
    if (this.session) this.tell(action, { reason })
    else if (reason) this.broker.tell("drop", this, { reason })
    this.broker.detach(this)
    if (this.session && this.will) this.broker.routeWill(this.will)
  }

  private send(packet: Packet): void {
    this.write(mqtt.generate(packet))
  }

  private write(bytes: Buffer): void {
    if (this.isOpen) this.stream.write(bytes)
  }

  private tell(action: Parameters<Broker["tell"]>[0], fields: Parameters<Broker["tell"]>[2]): void {
    this.broker.tell(action, this, fields)
  }

  get peer(): string {
    return this.stream.peer
  }
}

function bytesOf(payload: string | Buffer): string {
  return typeof payload === "string" ? Buffer.from(payload).toString("latin1") : payload.toString("latin1")
}

function packetOf(message: Message): { topic: string; payload: Buffer } {
  return { topic: message.topic, payload: Buffer.from(message.payload, "latin1") }
}
