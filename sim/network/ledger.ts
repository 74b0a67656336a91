/** Messages remembered for telling known ones from new ones. A few seconds of a busy house; ids do not cross a broker. */
const MAX_ENTRIES = 500

/** `dup`: perhaps handed over before. `retain`: it was lying there. */
interface Delivery {
  topic: string
  payload: string
  dup: boolean
  retain: boolean
}

interface Entry {
  topic: string
  payload: string
  readonly receivers: Set<string>
}

/**
 * Which of a broker's deliveries are messages that the house has not seen yet: those of other clients. MQTT gives a message
 * no identity, so topic and payload must do, and that each client gets each message once. Not told apart: a stranger who
 * repeats word for word what one of our boards published and somebody has yet to receive.
 */
export class Ledger {
  private readonly entries: Entry[] = []

  /** One of our boards published this. */
  enter(topic: string, payload: string): void {
    this.push({ topic, payload, receivers: new Set() })
  }

  /** True for the first sight of a message; the same to the next client, or once more, is none. */
  isNew({ topic, payload, dup, retain }: Delivery, receiver: string): boolean {
    const known = this.entries.filter((entry) => entry.topic === topic && entry.payload === payload)
    // A retained message comes on top of the one that passed: it takes no place among the receivers.
    const open = retain ? undefined : known.find(({ receivers }) => !receivers.has(receiver))
    open?.receivers.add(receiver)
    if (open || (known.length > 0 && (dup || retain))) return false
    this.push({ topic, payload, receivers: new Set([receiver]) })
    return true
  }

  private push(entry: Entry): void {
    this.entries.push(entry)
    if (this.entries.length > MAX_ENTRIES) this.entries.shift()
  }
}
