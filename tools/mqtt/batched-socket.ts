import type { Socket } from "../../src/hal/socket"

/**
 * A batch that grows beyond this goes out within its turn. Measured, 28-byte packets, millions a second: 6.9 at 4 KiB,
 * 11.4 at 32 KiB, 12.5 at 64 KiB, 9.2 at 1 MiB (Node 20, loopback).
 */
const MAX_BATCH_BYTES = 65536

/** After `end`, a peer that neither takes bytes nor closes for so long is given up: the process may want to exit. */
const LINGER_MS = 2000

const send = (socket: BatchedSocket): void => socket._send()

/**
 * What the host's sockets have in common: all writes of one turn of the event loop leave together. They are gathered
 * as one string, which costs half of copying each into a Buffer, and go out in the loop's check phase: after
 * everything that arrived in this turn was answered, as soon as `process.nextTick` would on a quiet line, and without
 * keeping the loop from its sockets when every "drain" writes more.
 */
export abstract class BatchedSocket implements Socket {
  private batch = ""
  private isScheduled = false
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
    this.batch += bytes
    if (this.batch.length > MAX_BATCH_BYTES) return this.flush()
    if (this.isScheduled) return
    this.isScheduled = true
    setImmediate(send, this)
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
    const length = this.isClosed ? 0 : this.batch.length + this.waitingBytes()
    this.unsent.length = length
    return length ? this.unsent : undefined
  }

  _send(): void {
    this.isScheduled = false
    this.flush()
  }

  private flush(): void {
    const bytes = this.batch
    this.batch = ""
    if (bytes && !this.isClosed) this.transmit(bytes)
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
    for (let at = 0; at < this.dataListeners.length; at++) this.dataListeners[at]!.call(this, bytes)
  }

  /** Bytes are out, or never will be: called by the transport once per `transmit`. Bound, so that it is made once. */
  protected readonly left = (error?: Error | null): void => {
    if (error || this.isClosed || this.batch || this.waitingBytes()) return
    for (let at = 0; at < this.drainListeners.length; at++) this.drainListeners[at]!.call(this)
  }

  /** The connection is over, whoever ended it and however; counts once. */
  protected closed(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.batch = ""
    clearTimeout(this.timer)
    for (let at = 0; at < this.closeListeners.length; at++) this.closeListeners[at]!.call(this)
  }
}
