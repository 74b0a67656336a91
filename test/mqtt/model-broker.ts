import { parser, type Packet } from "mqtt-packet"
import { hex } from "../fakes/bytes"
import type { Bench } from "./bench"
import { connack, puback, pubcomp, publish, pubrec, pubrel, suback } from "./reference"

interface Outgoing {
  payload: string
  qos: 1 | 2
  isSent: boolean
  isReceived: boolean
}

/**
 * A broker of one client, as short as clause 4.3 allows: it reads with mqtt-packet and shares nothing with the client. Its links
 * break where the test says, counted in bytes over both directions; what was on its way beyond that byte is lost.
 */
export class ModelBroker {
  /** Payloads that it took over, in order; "a dup" when the first byte said so. */
  readonly taken: string[] = []
  /** Ids at QoS 2 that wait for PUBREL. */
  private readonly received = new Set<number>()
  private readonly outgoing = new Map<number, Outgoing>()
  private lastId = 0
  private hasSession = false
  private reader = this.newReader()
  private answers = ""
  private bytesLeft = Infinity

  constructor(
    private readonly bench: Bench,
    private readonly cuts: number[],
    private readonly keepsSession = true,
  ) {}

  /** Sends a message to the client once that is there. */
  publish(payload: string, qos: 1 | 2): void {
    this.outgoing.set(++this.lastId, { payload, qos, isSent: false, isReceived: false })
  }

  /** Dials, and serves until nothing moves any more. */
  connect(): void {
    this.bytesLeft = this.cuts.shift() ?? Infinity
    this.reader = this.newReader()
    this.answers = ""
    this.bench.network.allow()
    if (this.bench.mqtt.open("10.0.0.2", 1883) !== 0) throw new Error("the client did not dial")
    this.serve()
  }

  serve(): void {
    for (let turn = 0; ; turn++) {
      if (turn > 1000) throw new Error("it never comes to rest")
      const sent = hex(this.bench.socket.sent())
      this.reader.parse(Buffer.from(this.carry(sent), "latin1"))
      this.send()
      const back = this.carry(this.answers)
      this.answers = ""
      if (back) this.bench.socket.giveBytes(back)
      if (this.bytesLeft <= 0) {
        this.bench.socket.sent()
        if (!this.bench.socket.isEnded) this.bench.socket.closeByPeer()
        return this.connect()
      }
      if (!sent && !back) return
    }
  }

  /** What of these bytes still gets across. */
  private carry(bytes: string): string {
    const across = bytes.slice(0, Math.max(0, this.bytesLeft))
    this.bytesLeft -= bytes.length
    return across
  }

  private newReader() {
    const reader = parser({ protocolVersion: 4 })
    reader.on("packet", (packet) => this.take(packet))
    reader.on("error", (error) => {
      throw error
    })
    return reader
  }

  private take(packet: Packet): void {
    const id = packet.messageId!
    if (packet.cmd === "connect") this.greet()
    else if (packet.cmd === "subscribe") this.answers += suback(id - 0x7f00, packet.subscriptions[0]!.qos)
    else if (packet.cmd === "publish") {
      if (packet.qos !== 2 || !this.received.has(id)) this.taken.push(packet.payload + (packet.dup ? " dup" : ""))
      if (packet.qos === 2) this.received.add(id)
      this.answers += packet.qos === 2 ? pubrec(id) : puback(id)
    } else if (packet.cmd === "pubrel") {
      this.received.delete(id)
      this.answers += pubcomp(id)
    } else if (packet.cmd === "pubrec") {
      const message = this.outgoing.get(id)
      if (message) message.isReceived = true
      this.answers += pubrel(id)
    } else if (packet.cmd === "puback" || packet.cmd === "pubcomp") this.outgoing.delete(id)
    else throw new Error(`the client sent ${packet.cmd}`)
  }

  private greet(): void {
    this.answers += connack(0, this.hasSession)
    if (!this.hasSession) this.received.clear()
    this.hasSession = this.keepsSession
    for (const [id, { payload, qos, isSent, isReceived }] of this.outgoing)
      if (isReceived) this.answers += pubrel(id)
      else if (isSent) this.answers += publish({ topic: "down", payload, qos, messageId: id, dup: true })
  }

  private send(): void {
    if (!this.bench.mqtt.isOnline()) return
    for (const [id, message] of this.outgoing)
      if (!message.isSent) {
        message.isSent = true
        const { payload, qos } = message
        this.answers += publish({ topic: "down", payload, qos, messageId: id })
      }
  }
}
