import { describe, expect, test } from "vitest"
import { createMqtt } from "../../src/mqtt/client"
import { qos2 } from "../../src/mqtt/qos2"
import { createSession, REFUSE } from "../../src/mqtt/session"
import { webSocket } from "../../src/net/websocket"
import { hex, toHex } from "../fakes/bytes"
import { FakeClock } from "../fakes/clock"
import { ScriptedNetwork } from "../fakes/network"
import { connack, packetHex, PINGRESP, publish, suback } from "./reference"

/** RFC 6455, clause 1.3: this nonce makes this answer. The frames are in test/net/websocket.test.ts; here is the whole client. */
const NONCE = "the sample nonce"
const ANSWER =
  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
  "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n"
const ADDRESS = "10.0.0.2:80"

function make() {
  const network = new ScriptedNetwork()
  const events: string[] = []
  let at = 0
  const mqtt = createMqtt(
    webSocket(network, () => NONCE.charCodeAt(at++ % NONCE.length) / 256),
    new FakeClock(),
    {
      onUp: () => void events.push("up"),
      onDown: (reason) => void events.push(`down ${reason}`),
      onTrouble: (code, about) => void events.push(`trouble ${code} ${about}`),
    },
    { clientId: "c", keepAliveS: 60, maxPacketBytes: 256, maxUnsentBytes: 1000, maxSubscriptions: 2 },
    createSession(4, 200, REFUSE, qos2),
  )
  network.allow(ADDRESS)
  mqtt.open("10.0.0.2", 80)
  const seen = () => events.splice(0)
  return { network, mqtt, events, seen, line: network.socket }
}

/** A binary frame from the server; `opcode` 0 goes on with the message before. */
const frame = (payload: string, opcode = 2, isLast = true): string =>
  String.fromCharCode((isLast ? 0x80 : 0) | opcode, payload.length) + payload

/** What the client sent: the opcodes of its frames, and their payloads unmasked and joined. */
function unmasked(bytes: string): { opcodes: number[]; payload: string } {
  const opcodes: number[] = []
  let payload = ""
  for (let at = 0; at < bytes.length;) {
    opcodes.push(bytes.charCodeAt(at) & 15)
    const length = bytes.charCodeAt(at + 1) & 127
    if (length > 125 || !(bytes.charCodeAt(at + 1) & 128)) throw new Error("not a short masked frame")
    const key = at + 2
    for (let i = 0; i < length; i++)
      payload += String.fromCharCode(bytes.charCodeAt(key + 4 + i) ^ bytes.charCodeAt(key + (i & 3)))
    at = key + 4 + length
  }
  return { opcodes, payload }
}

describe("edge 43: WebSocket", () => {
  test("offers the sub-protocol mqtt [MQTT-6.0.0-3]", () => {
    const { line } = make()
    expect(hex(line.sent())).toContain("\r\nSec-WebSocket-Protocol: mqtt\r\n")
  })

  test("sends every packet in binary frames [MQTT-6.0.0-1]", () => {
    const { line, mqtt, seen } = make()
    line.sent()
    line.giveBytes(ANSWER)
    const connect = unmasked(hex(line.sent()))
    expect(connect.opcodes).toEqual([2])
    expect(toHex(connect.payload)).toBe(
      packetHex({ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clientId: "c", clean: true, keepalive: 60 }),
    )
    line.giveBytes(frame(connack()))
    mqtt.publish("t", "x", { qos: 2 })
    mqtt.publish("t", "y")
    const sent = unmasked(hex(line.sent()))
    expect(new Set(sent.opcodes)).toEqual(new Set([2]))
    expect(sent.payload).toBe(publish({ topic: "t", payload: "x", qos: 2 }) + publish({ topic: "t", payload: "y" }))
    expect(seen()).toEqual(["up"])
  })

  test("takes packets however they lie in frames [MQTT-6.0.0-2]", () => {
    const { line, mqtt, events, seen } = make()
    line.giveBytes(ANSWER + frame(connack()))
    mqtt.subscribe("a", (payload) => void events.push(payload))
    line.sent()
    const stream = suback(0) + publish({ topic: "a", payload: "one", qos: 1, messageId: 7 }) + PINGRESP
    const more = publish({ topic: "a", payload: "two" })
    const whole = ["one", "two"]
    // Several packets in one frame.
    line.giveBytes(frame(stream + more))
    expect(seen()).toEqual(["up", ...whole])
    expect(toHex(unmasked(hex(line.sent())).payload)).toBe("40 02 00 07")
    // One packet in several frames, and in several fragments of one message; chunks of the line cut where they like.
    const both = stream + more
    for (let cut = 1; cut < both.length; cut++) {
      line.giveBytes(frame(both.slice(0, cut)) + frame(both.slice(cut)))
      expect([cut, ...seen()]).toEqual([cut, ...whole])
      for (const byte of frame(both.slice(0, cut), 2, false) + frame(both.slice(cut), 0)) line.giveBytes(byte)
      expect([cut, ...seen()]).toEqual([cut, ...whole])
      line.sent()
    }
  })

  test("a close by the server, or of its line, is the end of the connection", () => {
    for (const end of ["\x88\x00", ""]) {
      const { line, seen } = make()
      line.giveBytes(ANSWER + frame(connack()))
      if (end) line.giveBytes(end)
      else line.closeByPeer()
      expect(seen()).toEqual(["up", "down 6"])
    }
  })
})
