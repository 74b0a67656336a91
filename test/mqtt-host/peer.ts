import { readFileSync } from "node:fs"
import net, { type AddressInfo } from "node:net"
import nodeTls from "node:tls"
import https from "node:https"
import http, { type IncomingMessage } from "node:http"
import { WebSocketServer, type WebSocket } from "ws"
import type { Network } from "../../src/hal/socket"
import { tcp } from "../../tools/mqtt/tcp"
import { tls } from "../../tools/mqtt/tls"
import { webSocket } from "../../tools/mqtt/web-socket"

/** For tests alone: see the README beside them. */
export const KEY = readFileSync("test/vectors/tls/test-only.key.pem", "utf8")
export const CERT = readFileSync("test/vectors/tls/test-only.cert.pem", "utf8")

export const KINDS = ["tcp", "tls", "ws", "wss"] as const
export type Kind = (typeof KINDS)[number]

/** The client's end of each kind, which trusts the server's certificate. */
export function networkOf(kind: Kind, onError?: (error: Error) => void): Network {
  const trust = { ca: CERT, ...(onError && { onError }) }
  if (kind === "tcp") return tcp
  if (kind === "tls") return tls(trust)
  return webSocket({ tls: kind === "wss" && trust, ...(onError && { onError }) })
}

/** One accepted connection, seen from the server. */
export class Peer {
  received = ""
  /** Frames, or what one read gave. */
  pieces = 0
  isClosed = false
  request: IncomingMessage | undefined

  constructor(
    readonly send: (bytes: string) => void,
    readonly end: () => void,
    private readonly line: net.Socket,
    /** What is read from: `pause` it, and the client's writes pile up. */
    readonly stream: net.Socket,
  ) {}

  /** Tears the TCP connection down. */
  reset(): void {
    this.line.resetAndDestroy()
  }

  take(bytes: Buffer): void {
    this.pieces++
    this.received += bytes.toString("latin1")
  }
}

/** A real server on a free port of the loopback. */
export class Listener {
  readonly peers: Peer[] = []
  /** The TCP connections under all kinds, in the order of the peers. */
  private readonly lines: net.Socket[] = []

  private constructor(
    readonly kind: Kind,
    private readonly server: net.Server,
  ) {
    server.on("connection", (line: net.Socket) => {
      this.lines.push(line)
      line.on("error", () => undefined)
    })
    if (kind === "tcp" || kind === "tls")
      server.on(kind === "tcp" ? "connection" : "secureConnection", (stream) => this.accept(stream))
    else acceptUpgrades(server as http.Server, (socket, request) => this.acceptFramed(socket, request))
  }

  static async start(kind: Kind, options: nodeTls.TlsOptions = {}): Promise<Listener> {
    const secret = { key: KEY, cert: CERT, ...options }
    const server = {
      tcp: () => net.createServer(),
      tls: () => nodeTls.createServer(secret),
      ws: () => http.createServer(),
      wss: () => https.createServer(secret),
    }[kind]()
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    return new Listener(kind, server)
  }

  get address(): { host: string; port: number } {
    return { host: "127.0.0.1", port: (this.server.address() as AddressInfo).port }
  }

  close(): void {
    for (const line of this.lines) line.destroy()
    this.server.close()
  }

  private accept(stream: net.Socket): void {
    const send = (bytes: string) => void stream.write(bytes, "latin1")
    const peer = new Peer(send, () => stream.end(), this.lines[this.peers.length]!, stream)
    stream.on("data", (bytes) => peer.take(bytes))
    this.add(peer)
  }

  private acceptFramed(socket: WebSocket, request: IncomingMessage): void {
    const send = (bytes: string) => socket.send(Buffer.from(bytes, "latin1"))
    const peer = new Peer(send, () => socket.close(), this.lines[this.peers.length]!, request.socket)
    peer.request = request
    socket.on("message", (bytes) => peer.take(bytes as Buffer))
    socket.on("error", () => undefined)
    this.add(peer)
  }

  private add(peer: Peer): void {
    this.peers.push(peer)
    peer.stream.on("error", () => undefined).on("close", () => (peer.isClosed = true))
  }
}

/** As brokers do: at /mqtt alone, and for the sub-protocol mqtt. */
function acceptUpgrades(server: http.Server, accept: (socket: WebSocket, request: IncomingMessage) => void): void {
  const upgrades = new WebSocketServer({ server, path: "/mqtt", perMessageDeflate: false })
  upgrades.on("connection", accept)
}
