import { afterEach, describe, expect, test } from "vitest"
import { E_FULL, E_OFFLINE, E_TOO_BIG } from "../../src/mqtt/constants"
import { qos2 } from "../../src/mqtt/qos2"
import { DROP_NEWEST, DROP_OLDEST, REFUSE, type FullPolicy } from "../../src/mqtt/session"
import { toHex } from "../fakes/bytes"
import { Bench, onlineBench, type BenchOptions } from "./bench"
import { puback, publish } from "./reference"

let bench: Bench
const makeOnline = (options?: BenchOptions) => (bench = onlineBench(options))
afterEach(() => bench.network.finish())

const wire = (payload: string, messageId: number, dup = false) =>
  toHex(publish({ topic: "t", payload, qos: 1, messageId, dup }))

describe("the bytes of a PUBLISH", () => {
  const flags = ([0, 1, 2] as const).flatMap((qos) => [false, true].map((retain) => [qos, retain] as const))
  // A payload of 124 is remaining length 127 for topic "t" at QoS 0; the rest lie around one, two and three length bytes.
  const sizes = [0, 1, 122, 123, 124, 125, 126, 200, 16_378, 16_379, 16_380, 16_381, 16_382]

  test.each(flags)("at QoS %d, retain %j, are the reference codec's at every length", (qos, retain) => {
    makeOnline({ maxPacketBytes: 20_000, slots: 50, acks: qos2 })
    const prepared = bench.mqtt.topic("t", { qos, retain })
    let messageId = 0
    for (const size of sizes) {
      const payload = "p".repeat(size)
      prepared.publish(payload)
      bench.mqtt.publish("t", payload, { qos, retain })
      const both = [1, 2].map(() => publish({ topic: "t", payload, qos, retain, messageId: ++messageId })).join("")
      expect(bench.socket.sent()).toBe(toHex(both))
    }
  })

  test("without options are QoS 0, for short and for long messages", () => {
    makeOnline({ maxPacketBytes: 1000 })
    for (const size of [0, 5, 121, 122, 123, 124, 125, 126, 300]) {
      bench.mqtt.publish("a/b", "x".repeat(size))
      expect(bench.socket.sent()).toBe(toHex(publish({ topic: "a/b", payload: "x".repeat(size) })))
    }
  })

  test("carry any byte", () => {
    const payload = Array.from({ length: 100 }, (_, i) => String.fromCharCode((i * 37) % 256)).join("")
    makeOnline().mqtt.publish("t", payload)
    expect(bench.socket.sent()).toBe(toHex(publish({ topic: "t", payload })))
  })
})

describe("what publish returns", () => {
  test("0 at QoS 0, 1 at QoS 1", () => {
    makeOnline()
    expect([bench.mqtt.publish("t", "x"), bench.mqtt.topic("t").publish("x")]).toEqual([0, 0])
    expect([bench.mqtt.publish("t", "x", { qos: 1 }), bench.mqtt.topic("t", { qos: 1 }).publish("x")]).toEqual([1, 1])
    bench.socket.sent()
  })

  test("offline: QoS 0 is refused and forgotten, QoS 1 is kept", () => {
    bench = new Bench()
    expect([bench.mqtt.publish("t", "zero"), bench.mqtt.topic("t").publish("zero")]).toEqual([E_OFFLINE, E_OFFLINE])
    expect(bench.mqtt.publish("t", "one", { qos: 1 })).toBe(1)
    bench.online()
    expect(bench.socket.sent()).toBe(wire("one", 1))
  })

  test("between CONNECT and CONNACK the client is still offline", () => {
    bench = new Bench()
    bench.dial()
    expect([bench.mqtt.publish("t", "x"), bench.mqtt.publish("t", "y", { qos: 1 })]).toEqual([E_OFFLINE, 1])
    expect(bench.socket.sent()).toBe("")
  })

  test("too big for a packet, or for the queue", () => {
    makeOnline({ maxPacketBytes: 200, maxMessageBytes: 150 })
    const prepared = bench.mqtt.topic("t")
    expect([prepared.publish("x".repeat(198)), bench.mqtt.publish("t", "x".repeat(198))]).toEqual([
      E_TOO_BIG,
      E_TOO_BIG,
    ])
    expect(bench.mqtt.publish("t", "x".repeat(146), { qos: 1 })).toBe(E_TOO_BIG)
    expect(bench.session.pending()).toBe(0)
  })

  test.each(["", "a/+", "#", "a\0"])("a topic like %j is a bug, and thrown", (name) => {
    makeOnline()
    expect(() => bench.mqtt.publish(name, "x")).toThrow("topic or QoS: ")
    expect(() => bench.mqtt.publish(name, "x", { qos: 1 })).toThrow("topic or QoS: ")
    expect(() => bench.mqtt.topic(name)).toThrow("topic or QoS: ")
  })
})

describe("QoS 1 in flight", () => {
  test("goes out in order while PUBACKs come in any order", () => {
    makeOnline()
    for (const payload of ["a", "b", "c"]) bench.mqtt.publish("t", payload, { qos: 1 })
    expect(bench.socket.sent()).toBe([wire("a", 1), wire("b", 2), wire("c", 3)].join(" "))
    for (const id of [3, 1, 2]) bench.socket.giveBytes(puback(id))
    expect(bench.session.pending()).toBe(0)
  })

  test("is not resent on a live connection, however late its PUBACK [4.4.0-1]", () => {
    makeOnline().mqtt.publish("t", "a", { qos: 1 })
    bench.socket.sent()
    bench.clock.advance(29_000)
    expect(bench.socket.sent()).toBe("")
  })

  test.each<[FullPolicy, number, [payload: string, id: number][]]>([
    [
      REFUSE,
      E_FULL,
      [
        ["a", 1],
        ["b", 2],
      ],
    ],
    [
      DROP_NEWEST,
      E_FULL,
      [
        ["a", 1],
        ["b", 2],
      ],
    ],
    [
      DROP_OLDEST,
      1,
      [
        ["b", 2],
        ["c", 1],
      ],
    ],
  ])("with policy %d a third message in two slots returns %d and leaves %j", (policy, result, left) => {
    bench = new Bench({ policy, slots: 2 })
    const results = ["a", "b", "c"].map((payload) => bench.mqtt.publish("t", payload, { qos: 1 }))
    expect(results).toEqual([1, 1, result])
    bench.online()
    expect(bench.socket.sent()).toBe(left.map(([payload, id]) => wire(payload, id)).join(" "))
  })
})

describe("a busy socket", () => {
  test.each<[FullPolicy, number[], string[], number]>([
    [REFUSE, [1, 1, 1, E_FULL, E_FULL], ["a", "b", "c"], 0],
    [DROP_NEWEST, [1, 1, 1, E_FULL, E_FULL], ["a", "b", "c"], 2],
    // "a" is on its way: it stays, and "b" and "c", which are not, give way.
    [DROP_OLDEST, [1, 1, 1, 1, 1], ["a", "d", "e"], 2],
  ])("fills the queue, and policy %d decides: returns %j, sends %j, drops %d", (policy, results, sent, dropped) => {
    makeOnline({ policy, slots: 3, acks: qos2, maxUnsentBytes: 5 }).socket.stall()
    const codes = ["a", "b", "c", "d", "e"].map((payload) => bench.mqtt.publish("t", payload, { qos: 2 }))
    bench.socket.drain()
    const payloads = bench.socket.sent().match(/34 06 00 01 74 00 .. (..)/g)!
    const text = payloads.map((packet) => String.fromCharCode(parseInt(packet.slice(-2), 16)))
    expect([codes, text, bench.session.dropped]).toEqual([results, sent, dropped])
  })

  test("holds QoS 1 back behind unsent bytes and sends it with the drain, in order", () => {
    makeOnline().socket.stall()
    for (const payload of ["a", "b", "c"]) expect(bench.mqtt.publish("t", payload, { qos: 1 })).toBe(1)
    expect(bench.socket.dSnd).toHaveLength(8)
    bench.socket.drain()
    expect(bench.socket.sent()).toBe([wire("a", 1), wire("b", 2), wire("c", 3)].join(" "))
  })

  test("refuses QoS 0 above the limit, and takes it again after the drain", () => {
    makeOnline({ maxUnsentBytes: 20 }).socket.stall()
    const results = [1, 2, 3, 4].map(() => bench.mqtt.publish("t", "0123456789"))
    expect(results).toEqual([0, 0, E_FULL, E_FULL])
    expect(bench.mqtt.topic("t").publish("x")).toBe(E_FULL)
    bench.socket.drain()
    expect(bench.mqtt.publish("t", "x")).toBe(0)
    bench.socket.sent()
  })

  test("never has more unsent than the limit and one packet, also after a reconnect", () => {
    bench = new Bench({ slots: 20, maxUnsentBytes: 50 })
    for (let i = 0; i < 20; i++) bench.mqtt.publish("t", "0123456789", { qos: 1 })
    bench.dial()
    bench.socket.stall()
    bench.socket.give("20 02 00 00")
    expect(bench.socket.dSnd!.length).toBeLessThanOrEqual(50 + 17)
    let sent = ""
    for (let turn = 0; turn < 20 && bench.socket.dSnd; turn++) {
      bench.socket.drain()
      sent += bench.socket.sent()
      bench.socket.stall()
    }
    expect(sent.match(/32 0f/g)).toHaveLength(20)
  })

  test("sends on with a PUBACK when part of the bytes has left", () => {
    bench = new Bench({ slots: 6, maxUnsentBytes: 20 })
    for (const payload of ["a", "b", "c", "d"]) bench.mqtt.publish("t", payload, { qos: 1 })
    bench.dial()
    bench.socket.stall()
    bench.socket.give("20 02 00 00")
    expect(bench.socket.dSnd).toHaveLength(24)
    bench.socket.leave(16)
    bench.socket.giveBytes(puback(1))
    expect(bench.socket.dSnd).toHaveLength(16)
    bench.socket.drain()
    expect(bench.socket.sent()).toBe(["a", "b", "c", "d"].map((payload, i) => wire(payload, i + 1)).join(" "))
  })

  test("a message that waits for the drain is not acknowledged by a PUBACK for it", () => {
    makeOnline().socket.stall()
    bench.mqtt.publish("t", "a", { qos: 1 })
    bench.mqtt.publish("t", "b", { qos: 1 })
    bench.socket.giveBytes(puback(2))
    expect(bench.session.pending()).toBe(2)
    bench.socket.drain()
    bench.socket.sent()
  })
})
