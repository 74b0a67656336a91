import http from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { WebSocketServer, type ServerOptions, type WebSocket } from "ws"
import { webSocket, type WebSocketOptions } from "../../tools/mqtt/web-socket"
import { eventually } from "../vm/eventually"

let server: http.Server
let clients: WebSocket[]
let requests: http.IncomingMessage[]
let events: string[]

beforeEach(() => {
  clients = []
  requests = []
  events = []
})
afterEach(() => {
  for (const client of clients) client.terminate()
  server.close()
})

async function serve(options: ServerOptions = {}, host = "127.0.0.1"): Promise<void> {
  server = http.createServer()
  const upgrades = new WebSocketServer({ server, path: "/mqtt", perMessageDeflate: false, ...options })
  upgrades.on("connection", (client, request) => {
    clients.push(client)
    requests.push(request)
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
}

/** Waits until the connection is open or closed. */
async function dial(options: WebSocketOptions = {}, host = "127.0.0.1") {
  // This test's own: a late event of the one before would otherwise be taken for one of the next.
  const heard = events
  const network = webSocket({ onError: (error) => heard.push(error.message), ...options })
  const address = { host, port: (server.address() as AddressInfo).port }
  const socket = network.connect(address, () => heard.push("connect"))
  socket.on("data", (bytes) => heard.push(`data ${bytes}`))
  socket.on("close", () => heard.push("close"))
  await eventually(() => /connect|close/.test(events.join()), "an outcome")
  return socket
}

describe("webSocket", () => {
  test("asks for /mqtt and the sub-protocol mqtt, and offers no compression", async () => {
    await serve()
    await dial()
    expect(requests[0]!.url).toBe("/mqtt")
    expect(requests[0]!.headers["sec-websocket-protocol"]).toBe("mqtt")
    expect(requests[0]!.headers["sec-websocket-extensions"]).toBeUndefined()
  })

  test("takes a path and headers", async () => {
    await serve({ path: "/ws" })
    await dial({ path: "/ws", headers: { authorization: "Bearer x" } })
    expect([requests[0]!.url, requests[0]!.headers.authorization]).toEqual(["/ws", "Bearer x"])
  })

  test("dials IPv6 addresses", async () => {
    await serve({}, "::1")
    await dial({}, "::1")
    expect(events).toEqual(["connect"])
  })

  test("closes where there are no WebSockets, and says why", async () => {
    await serve()
    await dial({ path: "/elsewhere" })
    expect(events).toEqual(["Unexpected server response: 400", "close"])
  })

  test("closes on a server that does not take the sub-protocol [MQTT-6.0.0-4]", async () => {
    await serve({ handleProtocols: () => false })
    await dial()
    expect(events).toEqual(["Server sent no subprotocol", "close"])
  })

  test("throws on a path that no URL has", async () => {
    await serve()
    expect(() => webSocket({ path: "/mqtt#a" }).connect({ host: "localhost", port: 1 }, () => undefined)).toThrow(
      SyntaxError,
    )
  })

  test("takes packets in whatever frames they come [MQTT-6.0.0-2]", async () => {
    await serve()
    await dial()
    clients[0]!.send(Buffer.from("ab"), { fin: false })
    clients[0]!.send(Buffer.from("c"), { fin: true })
    clients[0]!.send(Buffer.from("d"))
    await eventually(() => events.length > 2, "the data")
    expect(events).toEqual(["connect", "data abc", "data d"])
  })

  test("closes on a text frame [MQTT-6.0.0-1]", async () => {
    await serve()
    await dial()
    clients[0]!.send("text")
    await eventually(() => events.length > 1, "the close")
    expect(events).toEqual(["connect", "close"])
  })

  test("tells of no error that its own end brought about", async () => {
    await serve()
    const socket = await dial()
    socket.end()
    await eventually(() => events.includes("close"), "the close")
    expect(events).toEqual(["connect", "close"])
  })
})
