import { describe, expect, test } from "vitest"
import { MAX_RECEIVED } from "../../../src/mqtt/qos2"
import { DROP_OLDEST } from "../../../src/mqtt/session"
import { hex } from "../../fakes/bytes"
import { Bench5, bench5, connack5, goodbye, packet5, publish5, suback5 } from "./reference"

const ack = (
  cmd: "puback" | "pubrec" | "pubrel" | "pubcomp",
  messageId: number,
  reasonCode = 0,
  reasonString?: string,
) => packet5({ cmd, messageId, reasonCode, properties: reasonString === undefined ? {} : { reasonString } })

const outcome = (bench: Bench5) => [bench.seen(), bench.session.pending()]

describe("edge 25: PUBREC and PUBREL with an unknown id are answered [MQTT-4.3.3-11]", () => {
  test.each([
    ["PUBREC", ack("pubrec", 77), "62 02 00 4d"],
    ["PUBREL", ack("pubrel", 77), "70 02 00 4d"],
    ["PUBREL with reason 0x92", ack("pubrel", 77, 0x92), "70 02 00 4d"],
  ])("%s", (_, bytes, answer) => {
    expect(bench5().answer(bytes)).toBe(answer)
  })
})

describe("edge 26: PUBREC or PUBACK of 0x80 and up: finished, quota back, no PUBREL; 0x10 is success [MQTT-4.3.3-4], [MQTT-4.4.0-2]", () => {
  test.each([0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99])(
    "reason code %d ends the message and is reported with its words",
    (reason) => {
      for (const [qos, cmd] of [
        [1, "puback"],
        [2, "pubrec"],
      ] as const) {
        const bench = bench5()
        bench.mqtt.publish("some/topic", "x", { qos })
        bench.socket.sent()
        expect(bench.answer(ack(cmd, 1, reason, "why not"))).toBe("")
        expect(outcome(bench)).toEqual([[`trouble ${reason} some/topic`], 0])
        expect(bench.five.reasonString).toBe("why not")
      }
    },
  )

  test("quota comes back, and what waited goes out", () => {
    for (const [qos, cmd] of [
      [1, "puback"],
      [2, "pubrec"],
    ] as const) {
      const bench = bench5({}, { receiveMaximum: 1 })
      for (const topic of ["a", "b"]) bench.mqtt.publish(topic, "x", { qos })
      expect(bench.packets()).toMatchObject([{ topic: "a" }])
      bench.socket.giveBytes(ack(cmd, 1, 0x97))
      expect(bench.packets()).toMatchObject([{ topic: "b" }])
    }
  })

  test("0x10 is success", () => {
    const bench = bench5()
    bench.mqtt.publish("t", "x", { qos: 2 })
    bench.socket.sent()
    expect(bench.answer(ack("pubrec", 1, 0x10))).toBe("62 02 00 01")
    bench.answer(ack("pubcomp", 1))
    expect(outcome(bench)).toEqual([[], 0])
  })

  test("a refusal of what is not under way says nothing", () => {
    const bench = bench5()
    for (const cmd of ["puback", "pubrec"] as const) expect(bench.answer(ack(cmd, 3, 0x87))).toBe("")
    expect(outcome(bench)).toEqual([[], 0])
  })

  test("PUBCOMP with 0x92 completes the message: the broker has lost it, not we", () => {
    const bench = bench5()
    bench.mqtt.publish("t", "x", { qos: 2 })
    bench.socket.sent()
    bench.answer(ack("pubrec", 1))
    bench.answer(ack("pubcomp", 1, 0x92))
    expect(outcome(bench)).toEqual([[], 0])
  })
})

describe("edge 29: Receive Maximum [MQTT-3.3.4-7, -8], [MQTT-4.9.0-1..3]", () => {
  test("holds back, in order, and lets go one for one", () => {
    const bench = bench5({}, { receiveMaximum: 2 })
    for (const payload of ["1", "2", "3", "4"]) expect(bench.mqtt.publish("t", payload, { qos: 1 })).toBe(1)
    expect(bench.packets().map(({ messageId }) => messageId)).toEqual([1, 2])
    bench.socket.giveBytes(ack("puback", 2))
    expect(bench.packets().map(({ messageId }) => messageId)).toEqual([3])
    bench.socket.giveBytes(ack("puback", 1) + ack("puback", 3))
    expect(bench.packets().map(({ messageId }) => messageId)).toEqual([4])
  })

  test("a QoS 2 message takes its place until PUBCOMP", () => {
    const bench = bench5({}, { receiveMaximum: 1 })
    for (const payload of ["1", "2"]) bench.mqtt.publish("t", payload, { qos: 2 })
    expect(bench.packets()).toHaveLength(1)
    expect(bench.answer(ack("pubrec", 1))).toBe("62 02 00 01")
    bench.socket.giveBytes(ack("pubcomp", 1))
    expect(bench.packets()).toMatchObject([{ cmd: "publish", messageId: 2 }])
  })

  test("counts what is sent again on resume", () => {
    const bench = bench5({ keepSession: true })
    for (const payload of ["1", "2", "3"]) bench.mqtt.publish("t", payload, { qos: 1 })
    bench.socket.sent()
    bench.again({ receiveMaximum: 2 })
    expect(bench.packets()).toMatchObject([
      { messageId: 1, dup: true },
      { messageId: 2, dup: true },
    ])
    bench.socket.giveBytes(ack("puback", 1))
    expect(bench.packets()).toMatchObject([{ messageId: 3, dup: true }])
  })

  test("acknowledgements, subscriptions and pings flow at zero quota", () => {
    const bench = bench5({}, { receiveMaximum: 1 })
    bench.mqtt.publish("t", "x", { qos: 1 })
    bench.socket.sent()
    expect(bench.answer(publish5({ qos: 1, messageId: 5 }))).toBe("40 02 00 05")
    expect(bench.answer(publish5({ qos: 2, messageId: 6 }))).toBe("50 02 00 06")
    bench.listen("f")
    expect(bench.packets()).toMatchObject([{ cmd: "subscribe" }])
    expect(bench.mqtt.publish("t", "x")).toBe(0)
    bench.socket.sent()
    bench.clock.advance(30_000)
    expect(bench.socket.sent()).toBe("c0 00")
  })

  test("may rise at the next connection, and is no limit there when nothing is said", () => {
    const bench = bench5({ keepSession: true }, { receiveMaximum: 1 })
    for (const payload of ["1", "2", "3", "4"]) bench.mqtt.publish("t", payload, { qos: 1 })
    bench.socket.sent()
    bench.again()
    expect(bench.packets().map((packet) => [packet.messageId, (packet as { dup: boolean }).dup])).toEqual([
      [1, true],
      [2, false],
      [3, false],
      [4, false],
    ])
  })

  test("0 is an error (clause 3.2.2.3.3)", () => {
    const bench = new Bench5()
    bench.dial()
    bench.socket.give("20 06 00 00 03 21 00 00")
    expect(bench.seen()).toEqual(["down 9"])
  })
})

describe("edge 30: our own Receive Maximum and Maximum Packet Size are enforced", () => {
  test("one message more under way than we allow: 0x93", () => {
    const bench = bench5({ options5: { receiveMaximum: 2 } })
    for (const messageId of [1, 2]) bench.answer(publish5({ qos: 2, messageId }))
    expect(bench.answer(publish5({ qos: 2, messageId: 3 }))).toBe(goodbye(0x93))
    expect(bench.seen()).toEqual(["down 147"])
  })

  test("by default more is borne than the broker is told: some send more", () => {
    const bench = new Bench5()
    expect(bench.dial()).toContain("21 00 10")
    bench.answer(connack5())
    for (let messageId = 1; messageId <= MAX_RECEIVED; messageId++) bench.answer(publish5({ qos: 2, messageId }))
    expect(bench.seen()).toEqual(["up"])
    expect(bench.answer(publish5({ qos: 2, messageId: MAX_RECEIVED + 1 }))).toBe(goodbye(0x93))
    bench.seen()
  })

  test("what was released makes room; a duplicate and QoS 1 take none", () => {
    const bench = bench5({ options5: { receiveMaximum: 2 } })
    for (let messageId = 1; messageId < 50; messageId++) {
      bench.answer(publish5({ qos: 2, messageId }))
      bench.answer(publish5({ qos: 2, messageId, dup: true }))
      bench.answer(publish5({ qos: 1, messageId: 100 + messageId }))
      expect(bench.answer(ack("pubrel", messageId))).toContain("70 02")
    }
    expect(bench.seen()).toEqual([])
  })

  test.each([0, 1, 2] as const)("a PUBLISH at QoS %d one byte larger than we take: 0x95", (qos) => {
    const payload = "x".repeat(300 - publish5({ qos, payload: "x".repeat(200) }).length + 200)
    const bench = bench5({ maxPacketBytes: 300 })
    bench.listen("t", 2)
    bench.socket.sent()
    bench.answer(publish5({ qos, payload }))
    expect(bench.seen()).toEqual([`t: t=${payload}`])
    expect(bench.answer(publish5({ qos, payload: `${payload}x` }))).toBe(goodbye(0x95))
    expect(bench.seen()).toEqual(["down 149"])
  })
})

describe("edge 31: message expiry counts down in the queue, never after the first send [MQTT-4.3.3-7]", () => {
  const options = (expiryS: number, qos: 1 | 2 = 1) => ({ qos, properties: { expiryS } })
  const expiries = (bench: Bench5) =>
    bench
      .packets()
      .map(
        (packet) => (packet as { properties?: { messageExpiryInterval?: number } }).properties?.messageExpiryInterval,
      )

  test("what waits is sent with what is left, in whole seconds begun", () => {
    const bench = new Bench5()
    for (const expiryS of [10, 0xffffffff]) bench.mqtt.publish("t", "x", options(expiryS))
    bench.clock.advance(3999)
    bench.welcome()
    expect(expiries(bench)).toEqual([7, 0xfffffffc])
  })

  test("what waited too long is reported, and gives its slot back; a whole queue of it in one go", () => {
    const bench = new Bench5({ slots: 500 })
    for (let i = 0; i < 500; i++) bench.mqtt.publish("t", "x", options(i === 499 ? 100 : 5))
    bench.clock.advance(5000)
    bench.welcome()
    expect(expiries(bench)).toEqual([95])
    expect(bench.seen()).toEqual(["up", ...Array(499).fill("trouble -8 t")])
    expect(bench.session.pending()).toBe(1)
  })

  test("what went out at once is not counted, however late it goes out again", () => {
    const bench = bench5({ keepSession: true })
    bench.mqtt.publish("t", "x", options(5))
    expect(expiries(bench)).toEqual([5])
    bench.clock.advance(20_000)
    bench.again()
    expect(expiries(bench)).toEqual([5])
    expect(bench.session.pending()).toBe(1)
  })

  test("what was counted once is not counted again", () => {
    const bench = new Bench5({ keepSession: true })
    bench.mqtt.publish("t", "x", options(10))
    bench.clock.advance(4000)
    bench.welcome()
    expect(expiries(bench)).toEqual([6])
    for (const isPresent of [true, false]) {
      bench.clock.advance(20_000)
      bench.again({}, isPresent)
      expect(expiries(bench)).toEqual([6])
    }
  })

  test("a message that another gave way to is not as old as that one", () => {
    const bench = new Bench5({ slots: 1, policy: DROP_OLDEST, keepSession: true })
    bench.mqtt.publish("old", "x", options(100))
    bench.clock.advance(50_000)
    bench.mqtt.publish("new", "x", options(100))
    bench.clock.advance(10_000)
    bench.welcome()
    expect(expiries(bench)).toEqual([90])
  })

  test("is not given up for one that is too large for the broker", () => {
    const bench = bench5({ slots: 2, policy: DROP_OLDEST }, { receiveMaximum: 1, maximumPacketSize: 50 })
    for (const topic of ["sent", "held"]) expect(bench.mqtt.publish(topic, "x", { qos: 1 })).toBe(1)
    expect(bench.mqtt.publish("large", "x".repeat(60), { qos: 1 })).toBe(-3)
    expect([bench.session.pending(), bench.session.dropped]).toEqual([2, 0])
    bench.socket.giveBytes(ack("puback", 1))
    expect(bench.packets()).toMatchObject([{ topic: "sent" }, { topic: "held" }])
  })

  test("the reason string of an earlier connection is forgotten", () => {
    const bench = bench5()
    bench.mqtt.publish("t", "x", { qos: 1 })
    bench.answer(ack("puback", 1, 0x97, "old words"))
    expect(bench.five.reasonString).toBe("old words")
    bench.mqtt.drop(10)
    bench.dial()
    expect(bench.five.reasonString).toBe(undefined)
    bench.seen()
  })

  test("counts while the broker's Receive Maximum holds it back", () => {
    const bench = bench5({}, { receiveMaximum: 1 })
    for (const expiryS of [10, 10, 3]) bench.mqtt.publish("t", "x", options(expiryS, 2))
    expect(expiries(bench)).toEqual([10])
    bench.clock.advance(4000)
    bench.socket.giveBytes(ack("pubrec", 1))
    bench.socket.sent()
    bench.socket.giveBytes(ack("pubcomp", 1))
    expect(expiries(bench)).toEqual([6])
    bench.socket.giveBytes(ack("pubrec", 2) + ack("pubcomp", 2))
    expect(bench.seen()).toEqual(["trouble -8 t"])
    bench.socket.sent()
  })

  test("a payload that begins as an expiry would is not taken for one", () => {
    const bench = new Bench5()
    bench.mqtt.publish("t", "\x02\0\0\0\x01", { qos: 1 })
    bench.mqtt.publish("t", "\x02\0\0\0\x01", { qos: 1, properties: { contentType: "x" } })
    bench.clock.advance(60_000)
    bench.welcome()
    expect(bench.packets()).toHaveLength(2)
  })
})

describe("the codes of SUBACK and UNSUBACK", () => {
  test("edge 32: a refusal and a lower QoS are reported, each for its filter", () => {
    const bench = bench5()
    for (const filter of ["a", "b", "c"]) bench.listen(filter, 2)
    bench.socket.sent()
    bench.socket.giveBytes(suback5(0, 2) + suback5(1, 0x8f) + suback5(2, 1))
    expect(bench.seen()).toEqual(["trouble 143 b", "trouble -5 c"])
  })

  test.each([
    ["none", "90 03 7f 00 00"],
    ["two", "90 05 7f 00 00 00 00"],
  ])("%s for one filter ends the connection", (_, bytes) => {
    const bench = bench5()
    bench.listen("t")
    bench.socket.sent()
    expect(bench.answer(hex(bytes))).toBe(goodbye(0x81))
    bench.seen()
  })
})
