import net from "node:net"
import WebSocket, { type ClientOptions } from "ws"
import type { Network } from "../../src/hal/socket"
import { BatchedSocket } from "./batched-socket"
import { connectionOptions, contextOptions } from "./tls-context"
import type { TlsOptions } from "./tls-options"

export interface WebSocketOptions {
  /** Where the broker takes WebSockets. Default "/mqtt". */
  path?: string
  /** Encrypts: `wss` instead of `ws`, with the certificate checked as `tls` does. `true` is `{}`. Default: not encrypted. */
  tls?: TlsOptions | boolean
  /** Sent with the opening request, such as `{ authorization: "Bearer ..." }`. */
  headers?: Record<string, string>
  /** Told why a connection failed or broke, such as "Unexpected server response: 404"; "close" follows. */
  onError?: (error: Error) => void
}

/** Milliseconds for TCP, TLS and the opening handshake together. */
const HANDSHAKE_MS = 10000

/** [MQTT-6.0.0-1]: binary frames. Uncompressed: MQTT's packets are small, and a window takes 300 kB a connection. */
const FRAME = { binary: true, compress: false }

/**
 * MQTT over WebSocket (MQTT 3.1.1, clause 6) for `createMqtt` on Node. The batch of one turn is one frame. `connect` does
 * not block: any failure shows as "close" later, and its reason goes to `onError`. Throws on a path that no URL has, and
 * when a key or certificate cannot be read.
 */
export function webSocket(options: WebSocketOptions = {}): Network {
  const { path = "/mqtt", tls = false, headers = {}, onError } = options
  const trust = tls === true ? {} : tls || {}
  const settings: ClientOptions = {
    ...contextOptions(trust),
    ...connectionOptions(trust),
    headers,
    perMessageDeflate: false,
    handshakeTimeout: HANDSHAKE_MS,
  }
  return {
    connect: ({ host, port }, onConnect) => {
      const url = `${tls ? "wss" : "ws"}://${net.isIPv6(host) ? `[${host}]` : host}:${port}${path}`
      return new FramedSocket(new WebSocket(url, "mqtt", settings), onConnect, onError ?? trust.onError)
    },
  }
}

class FramedSocket extends BatchedSocket {
  /** Written before the handshake was done; undefined from then on. */
  private early: string | undefined = ""
  private isFinishing = false

  constructor(
    private readonly ws: WebSocket,
    onConnect: () => void,
    onError: ((error: Error) => void) | undefined,
  ) {
    super(onConnect, onError)
    ws.on("open", () => this.opened())
    ws.on("message", (data, isBinary) => {
      // [MQTT-6.0.0-1]: any other kind of frame ends the connection.
      if (isBinary) this.arrived((data as Buffer).toString("latin1"))
      else ws.terminate()
    })
    ws.on("error", (error) => this.failed(error))
    ws.on("close", () => this.closed())
  }

  private opened(): void {
    const bytes = this.early
    this.early = undefined
    if (bytes) this.transmit(bytes)
    if (this.isFinishing) this.ws.close()
    this.connected()
  }

  protected transmit(bytes: string): void {
    if (this.early === undefined) this.ws.send(Buffer.from(bytes, "latin1"), FRAME, this.left)
    else this.early += bytes
  }

  protected waitingBytes(): number {
    return this.early === undefined ? this.ws.bufferedAmount : this.early.length
  }

  protected finish(): void {
    this.isFinishing = true
    if (this.early === undefined) this.ws.close()
  }

  protected abort(): void {
    this.ws.terminate()
  }
}
