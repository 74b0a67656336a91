import type { Alarm, Clock } from "../clock/clock"
import type { Random } from "../clock/random"
import type { Line } from "./line"

/** How a network treats what passes: fields a test or a user may turn while the house runs. */
export interface PipeTraits {
  latencyMs: number
  /** Added to the latency, uniformly from 0, per segment. */
  jitterMs: number
  /** Longest segment. 1436: what an ESP32 announces. 1 splits a stream at every byte. */
  segmentBytes: number
  /** Segments of one direction that arrive within this time are handed over as one. */
  mergeMs: number
  /** An unacknowledged segment is repeated for so long, then the sender's connection dies. Estimate for lwIP's 12 tries. */
  retransmitMs: number
}

export type Parcel = string | "FIN" | "RST"

interface Segment {
  atUs: number
  kind: "data" | "fin" | "rst"
  bytes: string
}

/** One direction of a connection: in order, delayed, split, merged, held while the line is closed. */
export class Pipe {
  private readonly queue: Segment[] = []
  private alarm: Alarm | undefined
  private deadline: Alarm | undefined
  private lastAtUs = 0
  private readonly retry = () => this.onLineOpen()

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly traits: PipeTraits,
    private readonly line: Line,
    private readonly deliver: (kind: Segment["kind"], bytes: string) => void,
    private readonly onGiveUp: () => void,
  ) {}

  send(bytes: string): void {
    const size = Math.max(1, this.traits.segmentBytes)
    for (let from = 0; from < bytes.length; from += size) this.enqueue("data", bytes.slice(from, from + size))
  }

  /** `fin` ends the stream after what was sent; `rst` tears it down. */
  finish(kind: "fin" | "rst"): void {
    this.enqueue(kind, "")
  }

  /** Forgets everything in flight. */
  stop(): void {
    this.queue.length = 0
    this.clock.cancel(this.alarm)
    this.clock.cancel(this.deadline)
    this.deadline = undefined
    this.line.forget(this.retry)
  }

  private enqueue(kind: Segment["kind"], bytes: string): void {
    const delayMs = this.traits.latencyMs + this.random.next() * this.traits.jitterMs
    const atUs = Math.max(this.lastAtUs, Math.round(this.clock.nowUs + delayMs * 1000))
    this.lastAtUs = atUs
    this.queue.push({ atUs, kind, bytes })
    if (this.queue.length === 1) this.arm(atUs + this.traits.mergeMs * 1000)
  }

  private arm(atUs: number): void {
    this.alarm = this.clock.at(atUs, () => this.onDue())
  }

  private onDue(): void {
    if (!this.line.isOpen()) return this.hold()
    let bytes = ""
    while (this.queue.length && this.queue[0].atUs <= this.clock.nowUs && this.queue[0].kind === "data")
      bytes += this.queue.shift()!.bytes
    const end = this.queue.length && this.queue[0].atUs <= this.clock.nowUs ? this.queue.shift()! : undefined
    // Armed before delivery: what is delivered may stop this pipe.
    if (this.queue.length && !end) this.arm(this.queue[0].atUs + this.traits.mergeMs * 1000)
    if (bytes) this.deliver("data", bytes)
    if (end) this.deliver(end.kind, "")
  }

  private hold(): void {
    this.line.whenOpen(this.retry)
    this.deadline ??= this.clock.after(this.traits.retransmitMs * 1000, () => this.onGiveUp())
  }

  private onLineOpen(): void {
    this.clock.cancel(this.deadline)
    this.deadline = undefined
    if (this.queue.length) this.arm(this.clock.nowUs + this.traits.latencyMs * 1000)
  }
}
