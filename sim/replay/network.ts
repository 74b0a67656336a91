import { Random } from "../clock/random"
import type { Clock } from "../clock/clock"
import type { End } from "../network/connection"
import { Line } from "../network/line"
import type { Dial, Uplink } from "../network/tcp"
import { REASONS, Station, Wifi } from "../network/wifi"
import type { HouseEvent } from "../events"
import type { Score } from "./score"

/** Longer than any chip waits: whoever asked did not live to hear the answer. */
const FOR_EVER_US = 1e12

const NUMBERS = Object.fromEntries(Object.entries(REASONS).map(([number, text]) => [text, number]))

/** The radio of a recorded board: it is told what becomes of its attempts. */
export class PlayedStation extends Station {
  constructor(clock: Clock) {
    const random = new Random(0)
    super(new Wifi({ ssid: "", password: "" }), new Line("", random), clock, random)
    this.ip = ""
  }

  override connect(ssid: string, password: string): void {
    if (this.state !== "idle") this.lose("8")
    this.ssid = ssid
    this.password = password
    this.state = "associating"
  }

  play({ state, ip = "", reason = "" }: HouseEvent & { kind: "wifi" }): void {
    if (state === "disconnected") return this.leaveFor(NUMBERS[reason] ?? reason)
    this.state = state === "associated" ? "leasing" : "connected"
    if (state === "associated") return this.events.onAssociated()
    this.ip = ip
    this.events.onConnected(ip)
  }

  private leaveFor(reason: string): void {
    if (this.state === "idle") this.state = "associating"
    this.lose(reason)
  }
}

/** The network of a recorded board: names, connections and bytes as they were. */
export class PlayedTcp implements Uplink {
  /** Of this boot, by their number. */
  readonly ends = new Map<number, End>()

  constructor(
    private readonly score: Score,
    private readonly localUs: () => number,
  ) {}

  lookUp(): { ip: string | undefined; afterUs: number } {
    const event = this.score.answer("dns")
    return { ip: event?.ip, afterUs: this.until(event) }
  }

  dial(): Dial<{ board: End }> {
    const event = this.score.answer("tcp")
    const afterUs = this.until(event)
    if (!event || event.state !== "open") return { outcome: (event?.state ?? "timeout") as "timeout", afterUs }
    const board = new PlayedEnd()
    this.ends.set(event.connection ?? this.ends.size + 1, board)
    return { outcome: "open", afterUs, connection: { board } }
  }

  private until(event: { atUs: number } | undefined): number {
    return event ? Math.max(0, event.atUs - this.localUs()) : FOR_EVER_US
  }
}

/** What the board sends goes nowhere: it is compared where it leaves. */
class PlayedEnd implements End {
  onDrain?: () => void
  onData: (bytes: string) => void = () => undefined
  onClose: (reason: "fin" | "reset" | "timeout") => void = () => undefined
  isOpen = true
  send(): void {}
  close(): void {}
  abort(): void {}
  vanish(): void {}
}
