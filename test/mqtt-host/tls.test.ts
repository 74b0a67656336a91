import type { TLSSocket } from "node:tls"
import { afterEach, describe, expect, test } from "vitest"
import type { Network } from "../../src/hal/socket"
import { tcp } from "../../tools/mqtt/tcp"
import { tls } from "../../tools/mqtt/tls"
import { nameToSend } from "../../tools/mqtt/tls-context"
import { webSocket } from "../../tools/mqtt/web-socket"
import { eventually } from "../vm/eventually"
import { CERT, KEY, Listener } from "./peer"

let listener: Listener
afterEach(() => listener.close())

/** What one connection came to: "connect", "close" and the errors that were told, in order. */
async function outcome(dial: (onError: (error: Error) => void) => Network, host = "127.0.0.1"): Promise<string[]> {
  const events: string[] = []
  const network = dial((error) => events.push((error as NodeJS.ErrnoException).code ?? error.message))
  const socket = network.connect({ ...listener.address, host }, () => events.push("connect"))
  socket.on("close", () => events.push("close"))
  await eventually(() => /connect|close/.test(events.join()), "an outcome")
  await new Promise(setImmediate)
  socket.removeAllListeners()
  socket.end()
  return events
}

describe.each(["tls", "wss"] as const)("trust over %s", (kind) => {
  const over = (options: Parameters<typeof tls>[0]) => (kind === "tls" ? tls(options) : webSocket({ tls: options }))

  test("takes a certificate that the given authority signed, for an address and for a name", async () => {
    listener = await Listener.start(kind)
    expect(await outcome((onError) => over({ ca: CERT, onError }))).toEqual(["connect"])
    expect(await outcome((onError) => over({ ca: [Buffer.from(CERT)], onError }), "localhost")).toEqual(["connect"])
  })

  test("refuses what no authority of Node's signed, and says so before the close", async () => {
    listener = await Listener.start(kind)
    expect(await outcome((onError) => over({ onError }))).toEqual(["DEPTH_ZERO_SELF_SIGNED_CERT", "close"])
  })

  test("refuses another's certificate", async () => {
    listener = await Listener.start(kind)
    const dial = (onError: (error: Error) => void) => over({ ca: CERT, servername: "broker.example", onError })
    expect(await outcome(dial)).toEqual(["ERR_TLS_CERT_ALTNAME_INVALID", "close"])
  })

  test("takes any certificate when told to", async () => {
    listener = await Listener.start(kind)
    expect(await outcome((onError) => over({ rejectUnauthorized: false, onError }))).toEqual(["connect"])
  })

  test("shows our own certificate to a broker that asks for one", async () => {
    listener = await Listener.start(kind, { requestCert: true, ca: CERT })
    const own = { ca: CERT, cert: CERT, key: Buffer.from(KEY) }
    expect(await outcome((onError) => over({ ...own, onError }))).toEqual(["connect"])
    const seen = (listener.peers[0]!.stream as TLSSocket).getPeerCertificate()
    expect(seen.subject.CN).toBe("motewire test only")
  })

  test("closes when nobody there speaks TLS", async () => {
    listener = await Listener.start(kind === "tls" ? "tcp" : "ws")
    const network = over({ ca: CERT })
    const events: string[] = []
    network.connect(listener.address, () => events.push("connect")).on("close", () => events.push("close"))
    // Plain TCP says nothing until the client does; an HTTP server answers a hello, which it cannot read, with 400.
    if (kind === "tls") {
      await eventually(() => (listener.peers[0]?.pieces ?? 0) > 0, "the hello")
      listener.peers[0]!.send("HTTP/1.1 400 Bad Request")
    }
    await eventually(() => events.length > 0, "the close")
    expect(events).toEqual(["close"])
  })
})

describe("tls", () => {
  test("offers the protocols it was given", async () => {
    listener = await Listener.start("tls", { ALPNProtocols: ["mqtt"] })
    expect(await outcome((onError) => tls({ ca: CERT, alpnProtocols: ["mqtt"], onError }))).toEqual(["connect"])
    expect((listener.peers[0]!.stream as TLSSocket).alpnProtocol).toBe("mqtt")
  })

  test("sends names and no addresses as SNI", async () => {
    listener = await Listener.start("tls")
    expect(["broker.example", "127.0.0.1", "::1"].map(nameToSend)).toEqual(["broker.example", "", ""])
    await outcome(() => tls({ ca: CERT }), "localhost")
    expect((listener.peers[0]!.stream as TLSSocket & { servername: string }).servername).toBe("localhost")
  })

  test("throws on a key that cannot be read, and on no port at all", async () => {
    listener = await Listener.start("tls")
    expect(() => tls({ cert: CERT, key: "not a key" })).toThrow(/error:/)
    expect(() => tcp.connect({ host: "localhost", port: 65536 }, () => undefined)).toThrow(RangeError)
  })
})
