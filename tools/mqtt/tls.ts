import type net from "node:net"
import nodeTls from "node:tls"
import type { Network } from "../../src/hal/socket"
import { StreamSocket } from "./stream-socket"
import { connectionOptions, contextOptions, nameToSend } from "./tls-context"
import type { TlsOptions } from "./tls-options"

/**
 * TLS 1.2 and 1.3 for `createMqtt` on Node, port 8883 by custom. The broker's certificate is checked. `connect` does not
 * block: any failure shows as "close" later, and its reason goes to `onError`. Throws when a key or certificate cannot be read.
 */
export function tls(options: TlsOptions = {}): Network {
  const { onError } = options
  // Read once: each connection would parse them again.
  const settings = {
    ...connectionOptions(options),
    secureContext: nodeTls.createSecureContext(contextOptions(options)),
  }
  return {
    connect: ({ host, port }, onConnect) => {
      const dial = (onread: net.OnReadOpts) => {
        const address: Address = { servername: nameToSend(host), ...settings, host, port, onread }
        return nodeTls.connect(address).setNoDelay(true)
      }
      return new StreamSocket(dial, "secureConnect", onConnect, onError)
    },
  }
}

/** Documented since Node 14 ("if the socket option is missing"), absent from its types. */
type Address = nodeTls.ConnectionOptions & { onread: net.OnReadOpts }
