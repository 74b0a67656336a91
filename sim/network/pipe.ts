import type { Alarm, Clock } from "../clock/clock"
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
  /** Wait before what was lost is sent again; doubled each time. 1000: the least of RFC 6298; lwIP counts in steps of 500 ms. */
  rtoMs: number
  /** An unacknowledged segment is repeated for so long, then the sender's connection dies. Estimate for lwIP's 12 tries. */
  retransmitMs: number
}

/** Which way it goes on which line. */
interface Way {
  readonly line: Line
  readonly isFromBoard: boolean
}

interface Segment {
  atUs: number
  kind: "data" | "fin" | "rst"
  bytes: string
  /** Arrived, and waits for those before it. */
  isThere: boolean
}

/** One direction of a connection: in order, delayed, split, merged, lost and repeated, held while the line is closed. */
export class Pipe {
  private readonly queue: Segment[] = []
  private alarm: Alarm | undefined
  private deadline: Alarm | undefined
  private lastAtUs = 0
  /** How often in a row the oldest segment was lost. */
  private losses = 0
  private readonly line: Line
  private readonly retry = () => this.onLineOpen()

  constructor(
    private readonly clock: Clock,
    private readonly traits: PipeTraits,
    private readonly way: Way,
    private readonly deliver: (kind: Segment["kind"], bytes: string) => void,
    private readonly onGiveUp: () => void,
  ) {
    this.line = way.line
  }

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
    this.line.forget(this.retry)
    this.calm()
  }

  private enqueue(kind: Segment["kind"], bytes: string): void {
    const delayMs = this.traits.latencyMs + this.line.random.next() * this.traits.jitterMs
    const atUs = Math.max(this.lastAtUs, Math.round(this.clock.nowUs + delayMs * 1000))
    this.lastAtUs = atUs
    this.onAir(bytes)
    this.queue.push({ atUs, kind, bytes, isThere: false })
    if (this.queue.length === 1) this.arm(atUs + this.traits.mergeMs * 1000)
  }

  private arm(atUs: number): void {
    this.alarm = this.clock.at(atUs, () => this.onDue())
  }

  private onDue(): void {
    if (!this.line.isOpen()) return this.hold()
    let bytes = ""
    for (const segment of this.queue)
      if (segment.atUs <= this.clock.nowUs && !segment.isThere) segment.isThere = !this.line.loses()
    if (!this.queue[0].isThere) return this.repeat()
    this.calm()
    while (this.queue[0]?.isThere && this.queue[0].kind === "data") bytes += this.queue.shift()!.bytes
    const end = this.queue[0]?.isThere ? this.queue.shift()! : undefined
    // Armed before delivery: what is delivered may stop this pipe.
    if (this.queue.length && !end) this.armNext()
    if (bytes) this.deliver("data", bytes)
    if (end) this.deliver(end.kind, "")
  }

  private armNext(): void {
    const { atUs } = this.queue[0]
    if (atUs <= this.clock.nowUs) this.repeat()
    else this.arm(atUs + this.traits.mergeMs * 1000)
  }

  /** The oldest segment was lost. An RST is not repeated by itself, but what it answers is, and so it comes again. */
  private repeat(): void {
    this.onAir(this.queue[0].bytes)
    this.limitPatience()
    this.arm(this.clock.nowUs + this.traits.rtoMs * 1000 * 2 ** this.losses++)
  }

  private onAir(bytes: string): void {
    if (this.line.isUp) this.line.passes(bytes.length, this.way.isFromBoard)
  }

  private hold(): void {
    this.line.whenOpen(this.retry)
    this.limitPatience()
  }

  private onLineOpen(): void {
    this.calm()
    if (this.queue.length) this.arm(this.clock.nowUs + this.traits.latencyMs * 1000)
  }

  private limitPatience(): void {
    this.deadline ??= this.clock.after(this.traits.retransmitMs * 1000, () => this.onGiveUp())
  }

  private calm(): void {
    this.losses = 0
    this.clock.cancel(this.deadline)
    this.deadline = undefined
  }
}
