import net from "node:net"
import type { Network } from "../../src/hal/socket"
import { StreamSocket } from "./stream-socket"

/**
 * Plain TCP for `createMqtt` on Node: names are looked up, IPv6 and IPv4 tried in turn. `connect` does not block: a
 * connection that cannot be opened shows as "close" later. It throws only on a port outside 0 to 65,535. Whoever
 * can see the line reads user, password and messages: for a network you do not trust, use `tls`.
 */
export const tcp: Network = tcpWith()

/** The same, and `onError` learns why a connection failed or broke. */
export function tcpWith(onError?: (error: Error) => void): Network {
  return {
    connect: ({ host, port }, onConnect) =>
      new StreamSocket((onread) => net.connect({ host, port, noDelay: true, onread }), "connect", onConnect, onError),
  }
}
