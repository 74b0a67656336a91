import type { Message } from "../events"

export type Qos = 0 | 1 | 2

/** A message on its way to one client, until the client has acknowledged it. */
export interface Outgoing {
  id: number
  message: Message
  qos: 1 | 2
  retain: boolean
  /** QoS 2: PUBREC has come, what is sent now is PUBREL. */
  isReleased: boolean
  wasSent: boolean
}

/** What the broker keeps for a client id; outlives the connection unless the client asked for a clean session. */
export class Session {
  readonly clientId: string
  readonly isClean: boolean
  readonly subscriptions = new Map<string, Qos>()
  /** QoS 1 and 2 towards the client, oldest first. */
  readonly outgoing: Outgoing[] = []
  /** QoS 2 from the client: ids received and not yet released. */
  readonly incomingQos2 = new Set<number>()
  private lastId = 0

  constructor(clientId: string, isClean: boolean) {
    this.clientId = clientId
    this.isClean = isClean
  }

  /** Undefined when 65535 messages are unacknowledged: the newest is dropped then. */
  enqueue(message: Message, qos: 1 | 2, retain: boolean): Outgoing | undefined {
    if (this.outgoing.length >= 65535) return undefined
    const item = { id: this.nextId(), message, qos, retain, isReleased: false, wasSent: false }
    this.outgoing.push(item)
    return item
  }

  find(id: number): Outgoing | undefined {
    return this.outgoing.find((item) => item.id === id)
  }

  /** An unknown id is none of our business: the caller answers all the same. */
  finish(id: number): void {
    const index = this.outgoing.findIndex((item) => item.id === id)
    if (index >= 0) this.outgoing.splice(index, 1)
  }

  /** [MQTT-2.3.1-1] never 0, and never one in flight. */
  private nextId(): number {
    do this.lastId = (this.lastId % 65535) + 1
    while (this.find(this.lastId))
    return this.lastId
  }
}
