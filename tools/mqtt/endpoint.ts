import type { Network } from "../../src/hal/socket"
import { tcpWith } from "./tcp"
import { tls } from "./tls"
import type { TlsOptions } from "./tls-options"
import { webSocket } from "./web-socket"

/** A broker by its URL, and the way to it. */
export interface Endpoint {
  url: string
  host: string
  port: number
  network: Network
  user: string | undefined
  password: string | undefined
}

/** Ports by custom; those of WebSocket are HTTP's. */
const PORTS: Record<string, number> = { "mqtt:": 1883, "mqtts:": 8883, "ws:": 80, "wss:": 443 }

/** Throws on what is no such URL; the URL is not quoted, for it may hold a password. */
export function endpointOf(text: string, trust: TlsOptions, onError: (error: Error) => void): Endpoint {
  const url = parse(text)
  const port = PORTS[url?.protocol ?? ""]
  if (!url?.hostname || !port) throw new Error("A broker is mqtt://, mqtts://, ws:// or wss:// and a host.")
  const where = `${url.protocol}//${url.host}`
  const path = url.pathname.replace(/^\/$/, "") + url.search
  if (path && url.protocol.startsWith("mqtt")) throw new Error(`${where} has a path, which only ws:// and wss:// take.`)
  return {
    url: where + path,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port) || port,
    network: networkOf(url.protocol, path, { ...trust, onError }),
    user: url.username ? decodeURIComponent(url.username) : undefined,
    password: url.password ? decodeURIComponent(url.password) : undefined,
  }
}

const parse = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined)

function networkOf(protocol: string, path: string, trust: TlsOptions & { onError(error: Error): void }): Network {
  if (protocol === "mqtt:") return tcpWith(trust.onError)
  if (protocol === "mqtts:") return tls(trust)
  return webSocket({ ...(path && { path }), tls: protocol === "wss:" && trust, onError: trust.onError })
}
