import net from "node:net"
import type { Server, Socket } from "node:net"
import type { Broker } from "./broker"

/** A real TCP port into the broker. What comes in happens at the house time of its arrival, so such runs are not repeatable. */
export class Door {
  url: string | undefined
  private server: Server | undefined
  private readonly sockets = new Set<Socket>()

  constructor(private readonly broker: Broker) {}

  /** Port 0 takes any free one. */
  listen(port: number, host = "127.0.0.1"): Promise<{ url: string; port: number }> {
    if (this.server) return Promise.reject(new Error(`the broker listens at ${this.url} already`))
    const server = net.createServer((socket) => this.onClient(socket))
    return new Promise((resolve, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, port, host)))
      server.listen(port, host, () => {
        this.server = server
        const actual = (server.address() as net.AddressInfo).port
        this.url = `mqtt://${host}:${actual}`
        resolve({ url: this.url, port: actual })
      })
    })
  }

  close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    const server = this.server
    this.server = undefined
    this.url = undefined
    return new Promise((resolve) => (server ? server.close(() => resolve()) : resolve()))
  }

  private onClient(socket: Socket): void {
    if (!this.broker.isRunning) return void socket.destroy()
    this.sockets.add(socket)
    socket.setNoDelay(true)
    const peer = `${socket.remoteAddress}:${socket.remotePort}`
    const connection = this.broker.accept({
      peer,
      write: (bytes) => void socket.write(bytes),
      close: () => void socket.end(),
    })
    socket.on("data", (bytes) => connection.receive(bytes))
    socket.on("error", () => undefined) // `close` follows, and says all that matters
    socket.on("close", () => {
      this.sockets.delete(socket)
      connection.onStreamClosed("connection closed")
    })
  }
}

/** Keeps `code`, so that a caller can try the next port on EADDRINUSE. */
function explain(error: NodeJS.ErrnoException, port: number, host: string): Error {
  const why = error.code === "EADDRINUSE" ? "another program uses it" : error.message
  return Object.assign(new Error(`cannot listen at ${host}:${port}: ${why}`), { code: error.code })
}
