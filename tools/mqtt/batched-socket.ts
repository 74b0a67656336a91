import type { Socket } from "../../src/hal/socket"

/**
 * A batch that grows beyond this goes out within its turn. Measured, 28-byte packets, millions a second: 6.9 at 4 KiB,
 * 11.4 at 32 KiB, 12.5 at 64 KiB, 9.2 at 1 MiB (Node 20, loopback).
 */
const MAX_BATCH_BYTES = 65536

/** After `end`, a peer that neither takes bytes nor closes for so long is given up: the process may want to exit. */
const LINGER_MS = 2000

/**
 * Mosquitto, as it comes, sends a small packet only when our kernel has acknowledged the one before (Nagle); and our kernel,
 * when we have nothing to say, does so after 40 ms. A lone PUBACK, to which there is no answer, then holds up all behind
 * it. Where that is seen, the last packet of each answer stays here a moment, for what comes next to be answered with. Measured,
 * 20 messages under way at QoS 1: 500 a second without, 34,000 with.
 */
const STALL_MS = { min: 38, max: 60 }
const HOLD_MS = 2

const send = (socket: BatchedSocket): void => socket._send()

/**
 * What the host's sockets have in common: all writes of one turn of the event loop leave together. They are gathered
 * as one string, which costs half of copying each into a Buffer, and go out in the loop's check phase: after
 * everything that arrived in this turn was answered, as soon as `process.nextTick` would on a quiet line, and without
 * keeping the loop from its sockets when every "drain" writes more.
 */
export abstract class BatchedSocket implements Socket {
  private batch = ""
  /** The last packet of the batch, apart from it. */
  private last = ""
  private isScheduled = false
  /** When bytes came last, whether anything was sent since, and whether what is written now is an answer to them. */
  private arrivedMs = 0
  private hasAnswered = true
  private isAnswering = false
  private holdsBack = false
  private holding: ReturnType<typeof setTimeout> | undefined
  private isEnded = false
  private isClosed = false
  private timer: ReturnType<typeof setTimeout> | undefined
  /** Handed out by `dSnd` and only valid at once: an object per look would be one per packet. */
  private readonly unsent = { length: 0 }
  private readonly dataListeners: ((bytes: string) => void)[] = []
  private readonly closeListeners: (() => void)[] = []
  private readonly drainListeners: (() => void)[] = []

  /** `onError` learns why it failed or broke, unless that was after our own `end`. */
  constructor(
    private onConnect: (() => void) | undefined,
    private readonly onError: ((error: Error) => void) | undefined,
  ) {}

  /** Hands bytes to the transport, which calls `left` once they are out. */
  protected abstract transmit(bytes: string): void
  /** Bytes that the transport has and the kernel has not. */
  protected abstract waitingBytes(): number
  /** Closes after what was transmitted is out. */
  protected abstract finish(): void
  /** Closes at once. */
  protected abstract abort(): void

  /** Writes after `end`, or once the connection is gone, are dropped. */
  write(bytes: string): void {
    if (this.isEnded || this.isClosed) return
    this.batch += this.last
    this.last = bytes
    if (this.batch.length > MAX_BATCH_BYTES) this.flush()
    else this.schedule()
  }

  end(): void {
    if (this.isEnded || this.isClosed) return
    this.isEnded = true
    this.flush()
    this.finish()
    this.linger(Infinity)
  }

  on(event: "data", run: (bytes: string) => void): void
  on(event: "close" | "drain", run: () => void): void
  on(event: "data" | "close" | "drain", run: (bytes: string) => void): void {
    if (event === "data") this.dataListeners.push(run)
    else if (event === "close") this.closeListeners.push(run as () => void)
    else this.drainListeners.push(run as () => void)
  }

  removeAllListeners(): void {
    this.onConnect = undefined
    this.dataListeners.length = this.closeListeners.length = this.drainListeners.length = 0
  }

  get dSnd(): { readonly length: number } | undefined {
    const length = this.isClosed ? 0 : this.batch.length + this.last.length + this.waitingBytes()
    this.unsent.length = length
    return length ? this.unsent : undefined
  }

  /** The end of a turn, or of the time that a packet was held back. */
  _send(): void {
    // What waited for the batch to leave leaves with it, and needs no turn of its own.
    if (!this.isEnded && !this.isClosed && !this.waitingBytes()) this.drained()
    this.isScheduled = false
    const holds = this.holdsBack && this.isAnswering && this.batch !== ""
    this.isAnswering = false
    if (holds) this.hold()
    else this.flush()
  }

  private schedule(): void {
    if (this.isScheduled) return
    this.isScheduled = true
    setImmediate(send, this)
  }

  /** Sends all but the last packet, which goes with the next turn that brings something, or alone. */
  private hold(): void {
    const { last } = this
    this.last = ""
    this.flush()
    this.last = last
    if (this.holding) this.holding.refresh()
    else this.holding = setTimeout(send, HOLD_MS, this)
  }

  private flush(): void {
    const bytes = this.batch + this.last
    this.batch = this.last = ""
    if (!bytes || this.isClosed) return
    this.hasAnswered = true
    this.transmit(bytes)
  }

  private linger(before: number): void {
    const waiting = this.waitingBytes()
    if (this.isClosed) return
    if (waiting >= before) return this.abort()
    this.timer = setTimeout(() => this.linger(waiting), LINGER_MS)
  }

  protected connected(): void {
    this.onConnect?.()
  }

  /** Heard always, for an "error" that nobody hears would end the process; the end itself is told by `closed`. */
  protected failed(error: Error): void {
    if (!this.isEnded) this.onError?.(error)
  }

  // Listeners are called as Espruino does, with the socket as `this`: the client looks which of its sockets it was.

  /** Some bytes came. */
  protected arrived(bytes: string): void {
    const nowMs = performance.now()
    const silenceMs = nowMs - this.arrivedMs
    if (!this.hasAnswered && silenceMs > STALL_MS.min && silenceMs < STALL_MS.max) this.holdsBack = true
    this.arrivedMs = nowMs
    this.hasAnswered = false
    this.isAnswering = true
    if (this.last) this.schedule()
    for (let at = 0; at < this.dataListeners.length; at++) this.dataListeners[at]!.call(this, bytes)
    if (!this.isScheduled) this.isAnswering = false
  }

  /** Bytes are out, or never will be: called by the transport once per `transmit`. Bound, so that it is made once. */
  protected readonly left = (error?: Error | null): void => {
    if (!error && !this.isClosed && !this.last && !this.waitingBytes()) this.drained()
  }

  private drained(): void {
    for (let at = 0; at < this.drainListeners.length; at++) this.drainListeners[at]!.call(this)
  }

  /** The connection is over, whoever ended it and however; counts once. */
  protected closed(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.batch = this.last = ""
    clearTimeout(this.timer)
    clearTimeout(this.holding)
    for (let at = 0; at < this.closeListeners.length; at++) this.closeListeners[at]!.call(this)
  }
}
