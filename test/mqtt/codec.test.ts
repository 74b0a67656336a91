import fc from "fast-check"
import { parser, type Packet } from "mqtt-packet"
import { describe, expect, test } from "vitest"
import type { ConnectFields } from "../../src/mqtt/encode"
import { connectPacket } from "../../src/mqtt/encode"
import { login } from "../../src/mqtt/login"
import { isDuplicate, isRetained, qosOf } from "../../src/mqtt/message"
import { qos2 } from "../../src/mqtt/qos2"
import { NOT_A_NAME } from "../../src/mqtt/topic"
import { isText } from "../../src/mqtt/utf8"
import { will } from "../../src/mqtt/will"
import { hex } from "../fakes/bytes"
import { Bench, onlineBench } from "./bench"
import {
  connack,
  PINGRESP,
  puback,
  pubcomp,
  publish,
  pubrec,
  pubrel,
  requestId,
  suback,
  unsuback,
  unsubscribeId,
} from "./reference"

/** The codec against mqtt-packet, both ways: what one wrote the other reads. */

/** What mqtt-packet makes of bytes, or of hex as the scripted socket shows it. */
function decoded(bytes: string): Packet[] {
  const found: Packet[] = []
  const reader = parser({ protocolVersion: 4 })
  reader.on("packet", (packet) => found.push(packet))
  reader.on("error", (error) => {
    throw error
  })
  reader.parse(Buffer.from(bytes, "latin1"))
  return found
}
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1")

const byteString = (maxLength: number) => fc.uint8Array({ maxLength }).map(latin1)
/** UTF-8 without what a topic may not have, as mqtt-packet takes its texts. */
const level = fc.string({ unit: fc.constantFrom("a", "b", "/", "$", " ", "~", "0"), minLength: 1, maxLength: 30 })
const topic = fc.oneof(level, level, fc.string({ unit: fc.constantFrom("a", "/"), minLength: 100, maxLength: 140 }))
const qos = fc.constantFrom<0 | 1 | 2>(0, 1, 2)

describe("what the client writes, mqtt-packet reads", () => {
  test("PUBLISH: topic, payload, QoS, retain, id", () => {
    fc.assert(
      fc.property(
        topic,
        byteString(300),
        qos,
        fc.boolean(),
        fc.boolean(),
        (name, payload, asked, retain, isPrepared) => {
          const bench = onlineBench({ acks: qos2, maxPacketBytes: 1000, maxMessageBytes: 1000 })
          const options = { qos: asked, retain }
          const code = isPrepared
            ? bench.mqtt.topic(name, options).publish(payload)
            : bench.mqtt.publish(name, payload, options)
          expect(code).toBe(asked ? 1 : 0)
          const [packet, ...more] = decoded(hex(bench.socket.sent()))
          expect(more).toEqual([])
          expect(packet).toMatchObject({ cmd: "publish", topic: name, qos: asked, retain, dup: false })
          expect(latin1((packet as { payload: Uint8Array }).payload)).toBe(payload)
          if (asked) expect(packet).toMatchObject({ messageId: 1 })
        },
      ),
      { numRuns: 500 },
    )
  })

  test("CONNECT: every field", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "-"), maxLength: 130 })
    const aWill = fc.option(fc.tuple(level, byteString(200), qos, fc.boolean()), { nil: undefined })
    const aLogin = fc.option(fc.tuple(text, fc.option(text, { nil: undefined })), { nil: undefined })
    fc.assert(
      fc.property(
        text.filter((id) => id !== ""),
        fc.integer({ min: 0, max: 65_535 }),
        fc.boolean(),
        aWill,
        aLogin,
        (clientId, keepAliveS, keepSession, lastWords, words) => {
          const fields: ConnectFields = { clientId, keepAliveS, keepSession }
          if (lastWords) fields.will = will(...lastWords)
          if (words) fields.login = login(...words)
          const [packet] = decoded(connectPacket(fields, ""))
          expect(packet).toMatchObject({ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clientId })
          expect(packet).toMatchObject({ keepalive: keepAliveS, clean: !keepSession })
          const { will: gone, username, password } = packet as Extract<Packet, { cmd: "connect" }>
          expect(gone && [gone.topic, latin1(gone.payload as Buffer), gone.qos, gone.retain]).toEqual(lastWords)
          expect([username, password?.toString()]).toEqual(words ?? [undefined, undefined])
        },
      ),
      { numRuns: 500 },
    )
  })

  test("SUBSCRIBE, UNSUBSCRIBE, PINGREQ, DISCONNECT and all acknowledgements", () => {
    const bench = onlineBench({ acks: qos2 })
    bench.listen("a/+", 2)
    bench.unsubscribe("a/+")
    bench.socket.giveBytes(publish({ topic: "x", payload: "", qos: 1, messageId: 0xfffe }))
    bench.socket.giveBytes(publish({ topic: "x", payload: "", qos: 2, messageId: 0x0102 }) + pubrel(0x0102) + pubrec(5))
    bench.clock.advance(30_000)
    bench.mqtt.close()
    const messageId = requestId(0)
    expect(decoded(hex(bench.socket.sent()))).toMatchObject([
      { cmd: "subscribe", messageId, subscriptions: [{ topic: "a/+", qos: 2 }], length: 8 },
      { cmd: "unsubscribe", messageId: unsubscribeId(0), unsubscriptions: ["a/+"], length: 7 },
      { cmd: "puback", messageId: 0xfffe, length: 2 },
      { cmd: "pubrec", messageId: 0x0102, length: 2 },
      { cmd: "pubcomp", messageId: 0x0102, length: 2 },
      { cmd: "pubrel", messageId: 5, length: 2 },
      { cmd: "pingreq", length: 0 },
      { cmd: "disconnect", length: 0 },
    ])
  })
})

describe("what mqtt-packet writes, the client reads", () => {
  test("PUBLISH: topic, payload, QoS, retain, DUP, id", () => {
    fc.assert(
      fc.property(
        topic,
        byteString(300),
        qos,
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 1, max: 65_535 }),
        fc.boolean(),
        (name, payload, asked, retain, isRepeated, messageId, isExact) => {
          const dup = isRepeated && asked > 0
          const bench = onlineBench({ acks: qos2, maxPacketBytes: 1000, isText })
          const heard: unknown[] = []
          bench.mqtt.subscribe(isExact || name[0] === "$" ? name : "#", (bytes, about, packet) => {
            heard.push(bytes, about, isRetained(packet), isDuplicate(packet), qosOf(packet))
          })
          bench.socket.sent()
          const answer = bench.answer(publish({ topic: name, payload, qos: asked, retain, dup, messageId }))
          expect(heard).toEqual([payload, name, retain, dup, asked])
          expect(decoded(hex(answer))).toMatchObject(
            asked ? [{ cmd: asked === 1 ? "puback" : "pubrec", messageId, length: 2 }] : [],
          )
        },
      ),
      { numRuns: 1000 },
    )
  })

  test("a topic of any bytes is taken when it is a name, and ends the connection when it is not", () => {
    const any = fc.uint8Array({ maxLength: 12 }).map(latin1)
    fc.assert(
      fc.property(any, fc.constantFrom("", "a", "+", "#"), (bytes, extra) => {
        const name = bytes + extra
        const bench = onlineBench()
        bench.listen("#")
        bench.socket.sent()
        bench.socket.giveBytes(String.fromCharCode(0x30, name.length + 2, 0, name.length) + name)
        const isName = !NOT_A_NAME.test(name)
        expect(bench.mqtt.isOnline()).toBe(isName)
        expect(bench.seen()).toEqual(!isName ? ["down 9"] : name[0] === "$" ? [] : [`#: ${name}=`])
      }),
      { numRuns: 1000 },
    )
  })
})

/** Packets of a broker, each acceptable at any moment of one connection. */
const packetFromBroker = fc.oneof(
  fc
    .tuple(fc.constantFrom("a", "w/1", "w/deeper/1", "other"), byteString(160), qos, fc.integer({ min: 1, max: 9 }))
    .map(([name, payload, asked, messageId]) => publish({ topic: name, payload, qos: asked, messageId })),
  fc.integer({ min: 1, max: 9 }).map(puback),
  fc.integer({ min: 1, max: 9 }).map(pubrec),
  fc.integer({ min: 1, max: 9 }).map(pubrel),
  fc.integer({ min: 1, max: 9 }).map(pubcomp),
  fc.constantFrom(suback(0), suback(1, 1), suback(1, 0x80), unsuback(0), PINGRESP),
  // Larger than the limit of 256.
  fc.integer({ min: 257, max: 1000 }).map((size) => publish({ topic: "a", payload: "x".repeat(size) })),
)

/** Everything to be seen of a client that gets these pieces. */
function outcome(pieces: readonly string[], isExact: boolean): string[] {
  const bench = new Bench({ acks: qos2, slots: 6 })
  bench.listen("a", 1)
  bench.listen(isExact ? "w/1" : "w/+", 2)
  for (const asked of [1, 2, 1, 2] as const) bench.mqtt.publish("t", `${asked}`, { qos: asked })
  bench.online()
  for (const piece of pieces) if (!bench.socket.isEnded) bench.socket.giveBytes(piece)
  const ends = [`pending ${bench.session.pending()}`, bench.socket.sent()]
  return [...bench.seen(), ...ends]
}

/** `text` in pieces of these sizes, over and over. */
function pieces(text: string, sizes: readonly number[]): string[] {
  const cut: string[] = []
  for (let at = 0, i = 0; at < text.length; at += sizes[i++ % sizes.length]!)
    cut.push(text.slice(at, at + sizes[i % sizes.length]!))
  return cut
}

describe("a stream", () => {
  const stream = fc.array(packetFromBroker, { minLength: 1, maxLength: 12 })
  const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 8 })

  test("gives the same events and answers in any pieces as packet by packet", () => {
    fc.assert(
      fc.property(stream, sizes, fc.boolean(), (packets, lengths, isExact) => {
        expect(outcome(pieces(packets.join(""), lengths), isExact)).toEqual(outcome(packets, isExact))
      }),
      { numRuns: 1500 },
    )
  })

  test("cut short gives what its whole packets give, and nothing of the one that was cut", () => {
    const small = fc.array(
      packetFromBroker.filter((packet) => packet.length < 256),
      { minLength: 1, maxLength: 8 },
    )
    fc.assert(
      fc.property(small, fc.nat(), sizes, (packets, at, lengths) => {
        const text = packets.join("")
        const cut = at % text.length
        let whole = 0
        let bytes = 0
        while (bytes + packets[whole]!.length <= cut) bytes += packets[whole++]!.length
        expect(outcome(pieces(text.slice(0, cut), lengths), false)).toEqual(outcome(packets.slice(0, whole), false))
      }),
      { numRuns: 1000 },
    )
  })

  test("of noise ends up or down, with well-formed answers only", () => {
    const noise = fc.uint8Array({ minLength: 1, maxLength: 80 }).map(latin1)
    fc.assert(
      fc.property(stream, noise, sizes, (packets, bytes, lengths) => {
        const bench = new Bench({ acks: qos2 })
        bench.listen("a", 2)
        bench.listen("w/+", 1)
        bench.dial()
        bench.socket.giveBytes(connack())
        for (const piece of pieces(packets.join("") + bytes + packets.join(""), lengths))
          if (!bench.socket.isEnded) bench.socket.giveBytes(piece)
        const downs = bench.seen().filter((event) => event.startsWith("down"))
        expect([downs.length, bench.mqtt.isOnline()]).toEqual(bench.socket.isEnded ? [1, false] : [0, true])
        for (const packet of decoded(hex(bench.socket.sent()))) {
          expect(packet.cmd).toMatch(/^(subscribe|puback|pubrec|pubrel|pubcomp)$/)
          if (packet.cmd !== "subscribe") expect(packet.messageId).not.toBe(0)
        }
      }),
      { numRuns: 1500 },
    )
  })
})
