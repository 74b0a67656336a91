/**
 * Topic aliases towards one client, for one connection (5.0 §3.3.2.3.4). When all are taken the oldest is set anew,
 * so that a client sees an alias change its topic.
 */
export class OutboundAliases {
  private readonly byTopic = new Map<string, number>()
  private readonly topics: string[] = []
  private next = 1

  /** `maximum`: what the client allows; 0 for none [MQTT-3.1.2-26, -27]. */
  constructor(private readonly maximum: number) {}

  /** How a topic is to be written. What is new holds only after `keep`: the packet may turn out too large. */
  wordingOf(topic: string): { topic: string; topicAlias?: number } {
    if (this.maximum === 0) return { topic }
    const known = this.byTopic.get(topic)
    return known ? { topic: "", topicAlias: known } : { topic, topicAlias: this.next }
  }

  keep(topic: string): void {
    if (this.maximum === 0 || this.byTopic.has(topic)) return
    const alias = this.next
    this.next = (alias % this.maximum) + 1
    if (this.topics[alias] !== undefined) this.byTopic.delete(this.topics[alias])
    this.topics[alias] = topic
    this.byTopic.set(topic, alias)
  }
}
