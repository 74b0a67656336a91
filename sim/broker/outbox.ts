import type { Message } from "../events"
import { isExpired } from "./message"
import type { Copy } from "./subscription"

export type Qos = 0 | 1 | 2

/** A message at QoS 1 or 2 on its way to one client, until the client has acknowledged it. */
export interface Outgoing {
  /** 0 until it is sent for the first time. */
  id: number
  message: Message
  qos: 1 | 2
  retain: boolean
  copy: Copy
  wasSent: boolean
}

const MAX_IDS = 65_535

/** QoS 1 and 2 towards a client: what waits, what was sent, and of QoS 2 what is half done. Outlives the connection. */
export class Outbox {
  private waiting: Outgoing[] = []
  /** Sent, by id, in the order of sending. */
  private readonly sent = new Map<number, Outgoing>()
  /** QoS 2 of which PUBREC has come: what remains is PUBREL. In the order of the PUBRECs [MQTT-4.6.0-4]. */
  private readonly released = new Map<number, Outgoing>()
  private lastId = 0

  /** False when it is full: the newest is dropped then. */
  add(item: Outgoing, nowUs: number, maximum: number): boolean {
    if (this.waiting.length >= maximum) this.waiting = this.waiting.filter((each) => isAlive(each, nowUs))
    if (this.waiting.length >= maximum) return false
    this.waiting.push(item)
    return true
  }

  /** The next to send, now in flight; undefined when nothing waits. What expired before its first sending is gone [MQTT-3.3.2-5]. */
  next(nowUs: number): Outgoing | undefined {
    for (let item = this.waiting.shift(); item; item = this.waiting.shift()) {
      if (!isAlive(item, nowUs)) continue
      item.id ||= this.nextId()
      this.sent.set(item.id, item)
      return item
    }
    return undefined
  }

  /** Nothing waits and nothing is half done. */
  get isEmpty(): boolean {
    return this.waiting.length + this.sent.size + this.released.size === 0
  }

  /** Of the ids in flight there are enough for one more. */
  get hasRoom(): boolean {
    return this.sent.size + this.released.size < MAX_IDS
  }

  find(id: number): Outgoing | undefined {
    return this.sent.get(id)
  }

  findReleased(id: number): Outgoing | undefined {
    return this.released.get(id)
  }

  /** PUBACK, or what ends it as well: a failing PUBREC, a message too large to send. */
  finish(id: number): void {
    this.sent.delete(id)
  }

  release(item: Outgoing): void {
    this.sent.delete(item.id)
    this.released.set(item.id, item)
  }

  complete(id: number): void {
    this.released.delete(id)
  }

  /** The connection is new: what was in flight is to be sent again, first and in order, with its id [MQTT-4.4.0-1, 4.6.0-1]. */
  rewind(): number[] {
    this.waiting.unshift(...this.sent.values())
    this.sent.clear()
    return [...this.released.keys()]
  }

  /** The session ends. What of shared subscriptions another client may still get: not QoS 2 that was begun (5.0 §4.8.2). */
  orphans(): Outgoing[] {
    const all = [...this.sent.values(), ...this.waiting]
    return all.filter(({ copy, qos, wasSent }) => copy.share !== undefined && !(qos === 2 && wasSent))
  }

  /** [MQTT-2.3.1-1] never 0, and never one in flight. */
  private nextId(): number {
    do this.lastId = (this.lastId % MAX_IDS) + 1
    while (this.sent.has(this.lastId) || this.released.has(this.lastId))
    return this.lastId
  }
}

/** Once sent, a message is resent however old it is: the other end may have half of it. */
function isAlive({ wasSent, message }: Outgoing, nowUs: number): boolean {
  return wasSent || !isExpired(message, nowUs)
}
