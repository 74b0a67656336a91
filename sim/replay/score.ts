import type { HouseEvent } from "../events"

type EventOf<K extends HouseEvent["kind"]> = HouseEvent & { kind: K }

/** What a chip gets by asking, and not by itself: its answer stands in the event that tells of it. */
type Asked = "tcp" | "dns" | "i2c" | "onewire" | "adc"

/** A board's recorded life, in order: how far the replay has come, and what the next question is answered with. */
export class Score {
  /** The next event that is to happen. */
  cursor = 0
  private readonly asked = new Map<string, number[]>()
  private readonly used = new Map<string, number>()
  /** Of each event: how often the board was switched off or started before it. */
  private readonly lives: number[] = []

  constructor(readonly events: readonly HouseEvent[]) {
    let life = 0
    events.forEach((event, i) => {
      if (event.kind === "boot" || event.kind === "off") life++
      this.lives.push(life)
      const key = keyOf(event)
      if (key === undefined) return
      const known = this.asked.get(key)
      if (known) known.push(i)
      else this.asked.set(key, [i])
    })
  }

  get next(): HouseEvent | undefined {
    return this.events[this.cursor]
  }

  /**
   * The answer to the next question of this kind: the first that was not used yet. Undefined when the board did not live to
   * hear it.
   */
  answer<K extends Asked>(kind: K, where = ""): EventOf<K> | undefined {
    const key = kind + where
    const indices = this.asked.get(key) ?? []
    let place = this.used.get(key) ?? 0
    while (indices[place] < this.cursor) place++
    const index = indices[place]
    this.used.set(key, place)
    if (index === undefined || this.lives[index] !== this.life) return undefined
    this.used.set(key, place + 1)
    return this.events[index] as EventOf<K>
  }

  /** The first event of this kind that is still to happen. */
  upcoming<K extends HouseEvent["kind"]>(kind: K): EventOf<K> | undefined {
    for (let i = this.cursor; i < this.events.length && this.lives[i] === this.life; i++)
      if (this.events[i].kind === kind) return this.events[i] as EventOf<K>
  }

  private get life(): number {
    return this.cursor > 0 ? this.lives[this.cursor - 1] : 0
  }
}

/** Undefined for what is not asked for. */
function keyOf(event: HouseEvent): string | undefined {
  if (event.kind === "tcp") return event.state === "closed" || event.state === "reset" ? undefined : "tcp"
  if (event.kind === "dns") return "dns"
  if (event.kind === "i2c") return isSent(event) ? `i2c${event.sda}/${event.scl}` : undefined
  return event.kind === "onewire" || event.kind === "adc" ? event.kind + event.pin : undefined
}

/** A message that no START could be made for asks nobody. */
const isSent = ({ fault }: EventOf<"i2c">): boolean => !fault || fault.startsWith("SCL is held low for")

/** What happens to a board, other than what it asks for. */
export function isInput(event: HouseEvent): boolean {
  switch (event.kind) {
    case "boot":
      return event.reason === "power" || event.by === "outside"
    case "pin":
      return event.by === "outside"
    case "wifi":
      return event.state !== "connecting" && event.by !== "chip"
    case "net":
    case "serial":
      return event.direction === "rx"
    default:
      return /^(off|timer|drain)$/.test(event.kind)
  }
}
