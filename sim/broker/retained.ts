import type { Clock } from "../clock/clock"
import type { Message } from "../events"
import { isExpired } from "./message"

/** The newest retained message of each topic, as long as it has not expired (5.0 §3.3.2.3.3). */
export class Retained {
  private readonly byTopic = new Map<string, Message>()

  constructor(private readonly clock: Clock) {}

  get size(): number {
    return this.values().length
  }

  get(topic: string): Message | undefined {
    this.sweep()
    return this.byTopic.get(topic)
  }

  values(): Message[] {
    this.sweep()
    return [...this.byTopic.values()]
  }

  /** [MQTT-3.3.1-5, -6, -7] of 5.0: the newest stays, an empty payload forgets */
  keep(message: Message): void {
    if (message.payload.length) this.byTopic.set(message.topic, message)
    else this.byTopic.delete(message.topic)
  }

  clear(): void {
    this.byTopic.clear()
  }

  /** Looked at when asked for: nobody can see a message that expired in between. */
  private sweep(): void {
    for (const [topic, message] of this.byTopic) if (isExpired(message, this.clock.nowUs)) this.byTopic.delete(topic)
  }
}
