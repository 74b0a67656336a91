import type { Network, Socket } from "../../src/hal/socket"
import { hex, toHex } from "./bytes"

/**
 * A network on which only what the test announced may happen. Complaints are kept, too: the code under test may catch
 * what is thrown at it, so `finish()` throws them once more.
 */
export class ScriptedNetwork implements Network {
  readonly sockets: ScriptedSocket[] = []
  private readonly plan: { address: string; isRefused: boolean }[] = []
  private readonly complaints: string[] = []

  /** The next connect must go to `address`, and is accepted. */
  allow(address = "10.0.0.2:1883"): void {
    this.plan.push({ address, isRefused: false })
  }

  /** The next connect must go to `address`, and throws as the chip does when the port is closed. */
  refuse(address = "10.0.0.2:1883"): void {
    this.plan.push({ address, isRefused: true })
  }

  get socket(): ScriptedSocket {
    return this.sockets[this.sockets.length - 1] ?? this.fail("no socket was opened")
  }

  connect({ host, port }: { host: string; port: number }): Socket {
    const next = this.plan.shift()
    if (!next) this.fail(`connect to ${host}:${port}, which was not announced`)
    if (next.address !== `${host}:${port}`) this.fail(`connect to ${host}:${port} instead of ${next.address}`)
    if (next.isRefused) throw new Error("Unable to create socket")
    const socket = new ScriptedSocket((text) => this.fail(text))
    this.sockets.push(socket)
    return socket
  }

  /** Everything announced has happened, every byte was looked at, and nothing else took place. */
  finish(): void {
    for (const socket of this.sockets) socket.expectNothing()
    for (const { address } of this.plan) this.complaints.push(`nobody connected to ${address}`)
    if (this.complaints.length) throw new Error(this.complaints.join("; "))
  }

  private fail(text: string): never {
    this.complaints.push(text)
    throw new Error(text)
  }
}

type Listener = (this: ScriptedSocket, bytes: string) => void

export class ScriptedSocket implements Socket {
  dSnd?: string
  /** The client has called `end`. */
  isEnded = false
  private isStalled = false
  private unread = ""
  private listeners: Record<string, Listener[]> = {}

  constructor(private readonly fail: (text: string) => never) {}

  write(bytes: string): boolean {
    if (typeof bytes !== "string") this.fail(`write of a ${typeof bytes}`)
    if (this.isEnded) this.fail(`write after end: ${toHex(bytes)}`)
    if (this.isStalled) this.dSnd = (this.dSnd ?? "") + bytes
    else this.unread += bytes
    return false
  }

  end(): void {
    this.isEnded = true
  }

  on(event: string, run: Listener): void {
    if (!["data", "close", "drain"].includes(event)) this.fail(`listens to ${event}`)
    ;(this.listeners[event] ??= []).push(run)
  }

  removeAllListeners(): void {
    this.listeners = {}
  }

  /** The bytes that left since the last look, as hex. */
  sent(): string {
    const bytes = this.unread
    this.unread = ""
    return toHex(bytes)
  }

  expectNothing(): void {
    if (this.unread) this.fail(`sent, and not looked at: ${this.sent()}`)
  }

  /** From now on what is written waits in the chip, under `dSnd`. */
  stall(): void {
    this.isStalled = true
  }

  /** The line takes bytes again: all that waits leaves, and "drain" tells. */
  drain(): void {
    if (!this.isStalled) this.fail("drain of a socket that never stalled")
    this.isStalled = false
    this.unread += this.dSnd ?? ""
    delete this.dSnd
    this.emit("drain", "")
  }

  /** Some of what waits leaves, and nothing tells: the line is slow. */
  leave(count: number): void {
    if (!this.dSnd || this.dSnd.length <= count) this.fail(`${count} bytes cannot leave`)
    this.unread += this.dSnd.slice(0, count)
    this.dSnd = this.dSnd.slice(count)
  }

  give(...parts: string[]): void {
    this.giveBytes(hex(...parts))
  }

  giveBytes(bytes: string): void {
    if (this.isEnded) this.fail("data for a socket that was ended")
    this.emit("data", bytes)
  }

  /** The peer hangs up, politely or not: the chip shows both as "close". */
  closeByPeer(): void {
    if (this.isEnded) this.fail("a socket that was ended is closed by its peer")
    this.emit("close", "")
  }

  /** "close" stands in the firmware's queue: whoever listens now is called when the returned function is, come what may. */
  queueClose(): () => void {
    const listeners = [...(this.listeners["close"] ?? [])]
    return () => listeners.forEach((run) => run.call(this, ""))
  }

  private emit(event: string, bytes: string): void {
    // As firmware calls a listener: with the socket as `this`.
    for (const run of this.listeners[event] ?? []) run.call(this, bytes)
  }
}
