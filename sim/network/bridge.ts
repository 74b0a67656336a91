import net from "node:net"
import type { Clock } from "../clock/clock"
import { Ledger } from "./ledger"
import type { Connection } from "./connection"
import type { Service } from "./tcp"
import { Watcher } from "./watcher"
import type { Teller } from "./watcher"

/** How long a broker that could not be reached counts as closed before it is tried again. */
const RETRY_MS = 1_000

/**
 * The door to a real broker: each connection of a board becomes a real TCP connection. For runs at real time only.
 * A board's connect blocks and must know its outcome at once, which the host cannot: so a broker counts as listening
 * until an attempt fails, and then as closed until a later attempt, in the background, succeeds.
 */
export class Bridge implements Service {
  readonly url: string
  private isReachable = true
  private probe: ReturnType<typeof setTimeout> | undefined
  private readonly sockets = new Set<net.Socket>()
  private readonly watchers = new Set<Watcher>()
  private readonly ledger = new Ledger()

  constructor(
    private readonly address: { host: string; port: number },
    private readonly clock: Clock,
    private readonly teller: Teller,
  ) {
    const { host, port } = address
    this.url = `mqtt://${host.includes(":") ? `[${host}]` : host}:${port}`
  }

  /** Boards that the broker has accepted. */
  get clients(): number {
    return [...this.watchers].filter(({ connection }) => connection.isOnline).length
  }

  /** The board behind a client id, while it is connected. */
  deviceOf(clientId: string): string | undefined {
    return [...this.watchers].find((watcher) => watcher.clientId === clientId)?.connection.line.device
  }

  isListening(): boolean {
    return this.isReachable
  }

  accept(connection: Connection): void {
    const { service } = connection
    const watcher = new Watcher(connection, this.clock, this.ledger, this.teller)
    this.watchers.add(watcher)
    const socket = this.dial(() => service.abort())
    socket.on("data", (bytes) => {
      watcher.fromBroker(bytes)
      service.send(bytes.toString("latin1"))
    })
    socket.on("close", () => {
      this.onClosed(watcher, "connection closed by the broker")
      service.close()
    })
    service.onData = (bytes) => {
      watcher.fromBoard(Buffer.from(bytes, "latin1"))
      socket.write(bytes, "latin1")
    }
    service.onClose = (reason) => {
      this.onClosed(watcher, reason === "fin" ? "connection closed" : `connection ${reason}`)
      if (reason === "fin") socket.end()
      else socket.destroy()
    }
  }

  close(): void {
    clearTimeout(this.probe)
    for (const socket of this.sockets) socket.destroy()
  }

  private onClosed(watcher: Watcher, reason: string): void {
    if (this.watchers.delete(watcher)) watcher.onClosed(reason)
  }

  private dial(onFailure: () => void): net.Socket {
    const socket = net.connect({ ...this.address, noDelay: true })
    this.sockets.add(socket)
    socket.on("connect", () => (this.isReachable = true))
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (socket.connecting || socket.bytesRead === 0) this.onUnreachable(error.code ?? error.message)
      onFailure()
    })
    socket.on("close", () => this.sockets.delete(socket))
    return socket
  }

  private onUnreachable(why: string): void {
    const reason = `no broker answers at ${this.url} (${why})`
    if (this.isReachable) this.teller.tell({ atUs: this.clock.nowUs, device: "house", kind: "fault", reason })
    this.isReachable = false
    clearTimeout(this.probe)
    this.probe = setTimeout(() => {
      const socket = this.dial(() => undefined)
      socket.on("connect", () => socket.destroy())
    }, RETRY_MS)
    this.probe.unref()
  }
}
