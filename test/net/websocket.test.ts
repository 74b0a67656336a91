import http from "node:http"
import type { AddressInfo } from "node:net"
import fc from "fast-check"
import { afterEach, describe, expect, test } from "vitest"
import { WebSocketServer, type WebSocket } from "ws"
import type { Socket } from "../../src/hal/socket"
import { webSocket } from "../../src/net/websocket"
import { tcp } from "../../tools/mqtt/tcp"
import { hex, toHex } from "../fakes/bytes"
import { ScriptedNetwork, type ScriptedSocket } from "../fakes/network"
import { eventually } from "../vm/eventually"

/** RFC 6455, clause 1.3: this nonce makes this key and this answer. */
const NONCE = "the sample nonce"
const REQUEST =
  "GET /mqtt HTTP/1.1\r\nHost: 10.0.0.2:80\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n"
const ANSWER =
  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
  "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n"

/** FIN and CLOSE, masked, empty, key 0. */
const CLOSE = "88 80 00 00 00 00"
const HELLO = "48 65 6c 6c 6f"

function nonce(): () => number {
  let at = 0
  return () => NONCE.charCodeAt(at++ % NONCE.length) / 256
}

/** What came out of one connection: data in pieces, and "close". */
class Bench {
  readonly network = new ScriptedNetwork()
  readonly framed = webSocket(this.network, nonce())
  events: string[] = []
  socket!: Socket

  dial(): this {
    this.network.allow("10.0.0.2:80")
    this.socket = this.framed.connect({ host: "10.0.0.2", port: 80 }, () => undefined)
    this.socket.on("data", (bytes) => this.events.push(toHex(bytes)))
    this.socket.on("close", () => this.events.push("close"))
    return this
  }

  /** Dialled and upgraded; what was written by then is passed over. */
  open(): this {
    this.dial().line.giveBytes(ANSWER)
    this.line.sent()
    return this
  }

  get line(): ScriptedSocket {
    return this.network.socket
  }

  data(): string {
    return this.events.join(" ")
  }
}

/** A frame as a server makes it: never masked (clause 5.1). */
function frame(first: number, payload: string): string {
  const { length } = payload
  const head = Buffer.alloc(10)
  head[0] = first
  if (length < 126) return head.fill(length, 1, 2).toString("latin1", 0, 2) + payload
  head[1] = length < 65536 ? 126 : 127
  if (length < 65536) head.writeUInt16BE(length, 2)
  else head.writeBigUInt64BE(BigInt(length), 2)
  return head.toString("latin1", 0, length < 65536 ? 4 : 10) + payload
}

describe("the handshake", () => {
  test("asks as RFC 6455 wants it", () => {
    const bench = new Bench().dial()
    expect(hex(bench.line.sent())).toBe(REQUEST)
  })

  test("asks for the path it was given", () => {
    const network = new ScriptedNetwork()
    network.allow("10.0.0.2:80")
    webSocket(network, nonce(), "/ws").connect({ host: "10.0.0.2", port: 80 }, () => undefined)
    expect(hex(network.socket.sent())).toBe(REQUEST.replace("/mqtt", "/ws"))
  })

  test("keeps what is written until the server has answered (clause 4.1), and shows it as waiting", () => {
    const bench = new Bench().dial()
    bench.line.sent()
    bench.socket.write("ab")
    bench.socket.write("c")
    expect([bench.line.sent(), bench.socket.dSnd?.length]).toEqual(["", 3])
    bench.line.giveBytes(ANSWER)
    expect([bench.line.sent(), bench.socket.dSnd]).toEqual(["82 83 00 00 00 00 61 62 63", undefined])
  })

  test("hands on what comes right behind the answer", () => {
    const bench = new Bench().dial()
    bench.line.giveBytes(ANSWER + hex("82 02 20 02"))
    expect(bench.events).toEqual(["20 02"])
  })

  test.each([
    "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 301 Moved\r\nLocation: http://HTTP/1.1 101\r\n\r\n",
    "220 mail.example ESMTP\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\nX: " + "x".repeat(1100),
  ])("closes on any other answer, without a frame: %j", (answer) => {
    const bench = new Bench().dial()
    bench.line.sent()
    bench.socket.write("ab")
    bench.line.giveBytes(answer)
    expect([bench.line.sent(), bench.events, bench.line.isEnded]).toEqual(["", ["close"], true])
  })
})

describe("frames from the server", () => {
  test.each([
    ["a 256-byte message in one frame", ["82 7e 01 00", "61".repeat(256)], "61".repeat(256)],
    ["a 65,536-byte message in one frame", ["82 7f 00 00 00 00 00 01 00 00", "61".repeat(65536)], "61".repeat(65536)],
    ["a fragmented message, here binary", ["02 03 48 65 6c", "80 02 6c 6f"], "48656c6c6f"],
    ["fragments with a control frame between", ["02 03 48 65 6c", "8a 00", "80 02 6c 6f"], "48656c6c6f"],
    ["empty frames", ["82 00", "02 00", "00 00", "80 01 61"], "61"],
    ["lengths longer than they need be", ["82 7e 00 01 61", "82 7f 00 00 00 00 00 00 00 01 62"], "6162"],
    ["a pong nobody asked for", [`8a 05 ${HELLO}`, "82 01 61"], "61"],
  ])("clause 5.7 and about: %s", (_, parts, data) => {
    const bench = new Bench().open()
    bench.line.give(...parts)
    expect(bench.data().replaceAll(" ", "")).toBe(data)
    bench.network.finish()
  })

  test("clause 5.7: a ping is answered by a masked pong with the same body", () => {
    const bench = new Bench().open()
    bench.line.give("89 05", HELLO)
    expect(bench.line.sent()).toBe(`8a 85 00 00 00 00 ${HELLO}`)
    bench.line.give("89 00")
    expect(bench.line.sent()).toBe("8a 80 00 00 00 00")
    expect(bench.events).toEqual([])
  })

  test.each([
    ["with a status", "88 02 03 e8"],
    ["with none", "88 00"],
  ])("a close %s is answered, ends the line and is told once", (_, bytes) => {
    const bench = new Bench().open()
    bench.line.give("82 01 61", bytes, "82 01 62")
    expect([bench.line.sent(), bench.events, bench.line.isEnded]).toEqual([CLOSE, ["61", "close"], true])
  })

  test.each([
    ["clause 5.7's text frame: MQTT has none [MQTT-6.0.0-1]", `81 05 ${HELLO}`],
    ["clause 5.7's masked frame: a server sends none (5.1)", "82 85 37 fa 21 3d 7f 9f 4d 51 58"],
    ["a masked ping", "89 85 37 fa 21 3d 7f 9f 4d 51 58"],
    ["a reserved bit (5.2)", "c2 01 61"],
    ["a reserved bit of a control frame", "99 00"],
    ["an unknown opcode", "83 01 61"],
    ["an unknown control opcode", "8b 00"],
    ["a fragmented ping (5.5)", "09 00"],
    ["a ping of 126 bytes (5.5)", "89 7e 00 7e"],
    ["a continuation of nothing (5.4)", "80 01 61"],
    ["a message inside another (5.4)", "02 01 61 82 01 62"],
    ["a frame of 2^63 bytes", "82 7f 80 00 00 00 00 00 00 00"],
    ["a frame of more than 10^9 bytes", "82 7f 00 00 00 00 3b 9a ca 01"],
  ])("closes on what is malformed: %s", (_, bytes) => {
    const bench = new Bench().open()
    bench.line.give(bytes)
    expect([bench.line.sent(), bench.events.at(-1), bench.line.isEnded]).toEqual([CLOSE, "close", true])
    expect(bench.events.filter((event) => event === "close")).toHaveLength(1)
  })

  test("payload is handed on as it arrives, and never kept", () => {
    const bench = new Bench().open()
    bench.line.give("82 7f 00 00 00 00 00 00 08 00")
    for (let count = 0; count < 4; count++) {
      bench.line.giveBytes("x".repeat(512))
      expect(bench.events.splice(0)).toEqual([toHex("x".repeat(512))])
    }
  })

  test("means the same however it is split", () => {
    const stream =
      ANSWER + hex("82 02 20 02", "89 01 70", "02 03 30 01 00", "8a 00", "00 00", "80 7e 00 02 61 62", "88 00")
    for (let at = 0; at <= stream.length; at++) {
      const bench = new Bench().dial()
      bench.line.sent()
      for (const piece of [stream.slice(0, at), stream.slice(at)])
        if (piece && !bench.line.isEnded) bench.line.giveBytes(piece)
      expect(bench.data()).toBe("20 02 30 01 00 61 62 close")
      expect(bench.line.sent()).toBe(`8a 81 00 00 00 00 70 ${CLOSE}`)
    }
  })

  test("means the same byte by byte, for any frames in any pieces", () => {
    const fragment = fc.oneof(fc.nat(140), fc.constantFrom(65535, 65536)).map((length) => "d".repeat(length))
    const ping = fc.nat(125).map((length) => "p".repeat(length))
    const message = fc.array(fc.tuple(fragment, fc.option(ping, { nil: undefined })), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 4 }), fc.integer({ min: 1, max: 700 }), (messages, size) => {
        const bench = new Bench().open()
        let stream = ""
        let data = 0
        let pongs = ""
        for (const parts of messages)
          parts.forEach(([payload, between], at) => {
            stream += frame((at ? 0 : 2) | (at === parts.length - 1 ? 0x80 : 0), payload)
            data += payload.length
            if (between === undefined) return
            stream += frame(0x89, between)
            pongs += `\x8a${String.fromCharCode(0x80 | between.length)}\0\0\0\0${between}`
          })
        let got = ""
        bench.socket.on("data", (bytes) => (got += bytes))
        for (let at = 0; at < stream.length; at += size) bench.line.giveBytes(stream.slice(at, at + size))
        expect(got === "d".repeat(data)).toBe(true)
        expect(bench.line.sent()).toBe(toHex(pongs))
        expect(bench.events).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  test("noise neither throws nor goes on after the close", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 20 }), (pieces) => {
        const bench = new Bench().open()
        for (const piece of pieces) if (!bench.line.isEnded) bench.line.giveBytes(Buffer.from(piece).toString("latin1"))
        expect(bench.events.indexOf("close")).toBe(bench.line.isEnded ? bench.events.length - 1 : -1)
      }),
    )
  })
})

describe("frames to the server", () => {
  test.each([
    [0, "82 80 00 00 00 00"],
    [125, "82 fd 00 00 00 00"],
    [126, "82 fe 00 7e 00 00 00 00"],
    [65535, "82 fe ff ff 00 00 00 00"],
  ])("are binary, masked with zero, %i bytes long", (length, head) => {
    const bench = new Bench().open()
    bench.socket.write("a".repeat(length))
    expect(bench.line.sent()).toBe([head, ...Array<string>(length).fill("61")].join(" "))
  })

  test("wait where the line's own bytes wait, and drain with them", () => {
    const bench = new Bench().open()
    bench.socket.on("drain", () => bench.events.push("drain"))
    bench.line.stall()
    bench.socket.write("ab")
    expect(bench.socket.dSnd?.length).toBe(8)
    bench.line.drain()
    expect([bench.line.sent(), bench.events, bench.socket.dSnd]).toEqual([
      "82 82 00 00 00 00 61 62",
      ["drain"],
      undefined,
    ])
  })
})

describe("the end", () => {
  test("says goodbye once, and nothing is told after it", () => {
    const bench = new Bench().open()
    bench.socket.end()
    bench.socket.end()
    bench.socket.write("late")
    expect([bench.line.sent(), bench.events, bench.line.isEnded]).toEqual([CLOSE, [], true])
  })

  test("needs no goodbye before the handshake was done", () => {
    const bench = new Bench().dial()
    bench.line.sent()
    bench.socket.end()
    expect([bench.line.sent(), bench.line.isEnded]).toEqual(["", true])
  })

  test("by the peer is told once, and nothing is written to a line that is gone", () => {
    const bench = new Bench().open()
    bench.line.closeByPeer()
    bench.socket.removeAllListeners()
    bench.socket.end()
    bench.socket.write("late")
    expect([bench.line.sent(), bench.events]).toEqual(["", ["close"]])
  })

  test("may come from a handler, which then hears no more of what was already there", () => {
    const bench = new Bench().open()
    bench.socket.on("data", () => bench.socket.end())
    bench.line.give("82 01 61", "82 01 62", "89 00")
    expect([bench.line.sent(), bench.events]).toEqual([CLOSE, []])
  })

  test("may be followed by another connection, even from inside a handler", () => {
    const bench = new Bench().open()
    bench.socket.on("data", () => {
      bench.socket.removeAllListeners()
      bench.socket.end()
      bench.dial()
    })
    bench.line.give("02 01 61", "82 01 62")
    expect(hex(bench.line.sent())).toBe(REQUEST)
    bench.line.giveBytes(ANSWER)
    bench.line.sent()
    bench.line.give("82 01 63")
    expect(bench.events).toEqual(["63"])
  })

  test("is silent after removeAllListeners", () => {
    const bench = new Bench().open()
    bench.socket.removeAllListeners()
    bench.line.give("82 01 61", "81 00")
    bench.line.closeByPeer()
    expect(bench.events).toEqual([])
  })
})

describe("with a real server", () => {
  let server: http.Server | undefined
  afterEach(() => void server?.close())

  async function serve(): Promise<{ port: number; peer: Promise<WebSocket> }> {
    server = http.createServer()
    const upgrades = new WebSocketServer({ server, path: "/mqtt" })
    const peer = new Promise<WebSocket>((resolve) => upgrades.on("connection", resolve))
    await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve))
    return { port: (server.address() as AddressInfo).port, peer }
  }

  test("carries frames of all sizes both ways, pings, and a clean close", async () => {
    const { port, peer } = await serve()
    const socket = webSocket(tcp, Math.random).connect({ host: "127.0.0.1", port }, () => undefined)
    let echoed = ""
    let sent = ""
    socket.on("data", (bytes) => (echoed += bytes))
    const far = await peer
    expect(far.protocol).toBe("mqtt")
    far.on("message", (bytes) => far.send(bytes))
    for (const length of [1, 125, 126, 127, 65535]) {
      const bytes = String.fromCharCode(length & 255).repeat(length)
      socket.write(bytes)
      sent += bytes
    }
    await eventually(() => echoed.length === sent.length, "the echo")
    expect(echoed === sent).toBe(true)
    const pong = new Promise((resolve) => far.on("pong", (bytes) => resolve(bytes.toString())))
    far.ping("Hello")
    expect(await pong).toBe("Hello")
    // 1005: a close frame came, without a status.
    const code = new Promise((resolve) => far.on("close", resolve))
    socket.end()
    expect(await code).toBe(1005)
  })

  test("answers the server's close", async () => {
    const { port, peer } = await serve()
    const socket = webSocket(tcp, Math.random).connect({ host: "127.0.0.1", port }, () => undefined)
    const closed = new Promise<void>((resolve) => socket.on("close", resolve))
    const far = await peer
    const code = new Promise((resolve) => far.on("close", resolve))
    far.close(1001)
    expect(await code).toBe(1005)
    await closed
  })
})
