import type { Clock } from "../clock/clock"
import type { HouseEvent, Message, MqttAction } from "../events"
import type { Telling } from "./link"

/** Messages remembered; older ones are forgotten, so that a house may run for months. */
const MAX_MESSAGES = 10_000

/** What the broker remembers and tells of what happens in it. */
export class Journal {
  /** Oldest first. */
  readonly messages: Message[] = []
  private readonly listeners = new Set<(message: Message) => void>()

  constructor(
    private readonly clock: Clock,
    private readonly emit: (event: HouseEvent) => void,
  ) {}

  onMessage(listener: (message: Message) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  note(message: Message): void {
    this.messages.push(message)
    if (this.messages.length > MAX_MESSAGES) this.messages.shift()
    for (const listener of this.listeners) listener(message)
    const { atUs, from, topic, payload, qos, retain } = message
    this.emit({ atUs, device: "house", kind: "mqtt", action: "publish", client: from, topic, payload, qos, retain })
  }

  tell(action: MqttAction, client: string, fields: Telling): void {
    this.emit({ atUs: this.clock.nowUs, device: "house", kind: "mqtt", action, client, ...defined(fields) })
  }
}

/** Plain data has no undefined fields: they would vanish in JSON and differ after a round trip. */
function defined<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}
