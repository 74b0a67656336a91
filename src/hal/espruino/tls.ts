import type { Network } from "../socket"
import type { Require } from "./globals"
import { recordedNetwork } from "./record/board"

declare const require: Require
/** True in a bundle that records. */
declare const __RECORD__: boolean

/** What a broker may ask for to know who we are: DER bytes, such as `atob` makes of the text of a PEM file. */
export interface ClientCertificate {
  readonly cert: string
  readonly key: string
}

/**
 * TLS, in the place of the platform's `network`. **The broker's certificate is not verified**, whatever is given to the
 * firmware (VERIFY_NONE in libs/network/network.c, Espruino 2v29): onlookers read nothing, but whoever can stand in the
 * way may play the broker, so what can do harm is to be authenticated in the message itself. The name sent to the server
 * (SNI) is a constant, so a broker that is chosen by its name cannot be reached.
 *
 * Session keys come from the generator behind `Math.random`: seed it first, or they are the same on every boot. Takes 20 kB
 * of the system's heap, which ESP32 builds may not have; each failed handshake leaks one of the 10 sockets.
 *
 * `onConnect` runs once TCP is up, before the handshake; what is written waits for it. A failed handshake shows as "close", and as
 * an exception that the firmware throws into its own loop and prints.
 */
export function openTls(client?: ClientCertificate): Network {
  const module = require("tls") as Network
  const tls = __RECORD__ ? recordedNetwork(module) : module
  if (!client) return tls
  const { cert, key } = client
  return {
    connect({ host, port }, onConnect) {
      const address = { host, port, cert, key }
      return tls.connect(address, onConnect)
    },
  }
}
