import { Random } from "../clock/random"
import type { Clock } from "../clock/clock"
import type { Connection, End } from "../network/connection"
import type { Dial } from "../network/tcp"
import { Tcp } from "../network/tcp"
import { REASONS, Station, Wifi } from "../network/wifi"
import type { StationEvents } from "../network/wifi"
import type { HouseEvent } from "../events"
import type { Score } from "./score"

/** Longer than any chip waits: whoever asked did not live to hear the answer. */
const FOR_EVER_US = 1e12

const NUMBERS = Object.fromEntries(Object.entries(REASONS).map(([number, text]) => [text, number]))

/** The radio of a recorded board: it is told what becomes of its attempts. */
export class PlayedStation extends Station {
  private listener: StationEvents | undefined
  private address = ""

  constructor(clock: Clock) {
    const random = new Random(0)
    super(new Wifi({ ssid: "", password: "" }), new Tcp(clock, random).line(""), clock, random)
    Object.defineProperty(this, "ip", { get: () => this.address })
  }

  override listen(events: StationEvents): void {
    this.listener = events
    super.listen(events)
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
    if (state === "associated") return this.listener?.onAssociated()
    this.address = ip
    this.listener?.onConnected(ip)
  }

  private leaveFor(reason: string): void {
    if (this.state === "idle") this.state = "associating"
    this.lose(reason)
  }
}

/** The network of a recorded board: names, connections and bytes as they were. */
export class PlayedTcp extends Tcp {
  /** Of this boot, by their number. */
  readonly ends = new Map<number, End>()

  constructor(
    clock: Clock,
    private readonly score: Score,
    private readonly localUs: () => number,
  ) {
    super(clock, new Random(0))
  }

  override lookUp(): { ip: string | undefined; afterUs: number } {
    const event = this.score.answer("dns")
    return { ip: event?.ip, afterUs: this.until(event) }
  }

  override dial(): Dial {
    const event = this.score.answer("tcp")
    const afterUs = this.until(event)
    if (!event || event.state !== "open") return { outcome: (event?.state ?? "timeout") as "timeout", afterUs }
    const board = new PlayedEnd()
    this.ends.set(event.connection ?? this.ends.size + 1, board)
    return { outcome: "open", afterUs, connection: { board } as unknown as Connection }
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
