import { describe, expect, test } from "vitest"
import { login } from "../../../src/mqtt/login"
import { will } from "../../../src/mqtt/will"
import { will5 } from "../../../src/mqtt/v5/mqtt5"
import * as P from "../../../src/mqtt/v5/properties"
import { hex, toHex } from "../../fakes/bytes"
import { requestId } from "../reference"
import { Bench5, bench5, connack5, goodbye, packet5, publish5, suback5, type Bench5Options } from "./reference"

/** The CONNECT that goes out. */
function connectOf(options: Bench5Options = {}): string {
  return new Bench5(options).dial()
}

/** A client that dialled, and what it reports when these bytes come. */
function answered(bytes: string, options: Bench5Options = {}): string[] {
  const bench = new Bench5(options)
  bench.dial()
  bench.socket.giveBytes(bytes)
  return bench.seen()
}

describe("CONNECT (clause 3.1) is the independent codec's", () => {
  const plain = { protocolId: "MQTT", protocolVersion: 5, clientId: "c", keepalive: 60, clean: true } as const
  const always = { receiveMaximum: 16, maximumPacketSize: 1024 }

  test("with nothing asked for", () => {
    expect(connectOf()).toBe(toHex(packet5({ cmd: "connect", ...plain, properties: always })))
  })

  test("with all that can be asked for", () => {
    const options5 = {
      sessionExpiryS: 0xfffffffe,
      receiveMaximum: 65_535,
      topicAliasMaximum: 9,
      wantsResponseInformation: true,
      userProperties: [["a", "b"]],
    } as const
    // The codec writes properties in the order in which they are named here.
    const properties = {
      sessionExpiryInterval: 0xfffffffe,
      receiveMaximum: 65_535,
      maximumPacketSize: 1024,
      topicAliasMaximum: 9,
      requestResponseInformation: true,
      userProperties: { a: "b" },
    }
    expect(connectOf({ options5, keepSession: true })).toBe(
      toHex(packet5({ cmd: "connect", ...plain, clean: false, properties })),
    )
  })

  test("with a kept session, which does not end by itself", () => {
    const properties = { sessionExpiryInterval: 0xffffffff, ...always }
    expect(connectOf({ keepSession: true })).toBe(
      toHex(packet5({ cmd: "connect", ...plain, clean: false, properties })),
    )
  })

  test("with a will and its properties", () => {
    const expected = packet5({
      cmd: "connect",
      ...plain,
      properties: always,
      will: {
        topic: "w",
        payload: Buffer.from("gone"),
        qos: 2,
        retain: true,
        properties: {
          willDelayInterval: 5,
          messageExpiryInterval: 60,
          payloadFormatIndicator: true,
          contentType: "text/plain",
          responseTopic: "r",
          correlationData: Buffer.from([0, 255]),
          userProperties: { a: "b" },
        },
      },
    })
    const made = will5("w", "gone", {
      qos: 2,
      retain: true,
      delayS: 5,
      properties: {
        expiryS: 60,
        isUtf8: true,
        contentType: "text/plain",
        responseTopic: "r",
        correlationData: "\0\xff",
        userProperties: [["a", "b"]],
      },
    })
    expect(connectOf({ will: made })).toBe(toHex(expected))
  })
})

describe("edge 10: the first packet is not CONNACK [MQTT-3.2.0-1]", () => {
  test.each([
    ["PUBLISH", publish5()],
    ["PUBACK", hex("40 02 00 01")],
    ["PUBACK with a reason", hex("40 03 00 01 80")],
    ["PUBREL with a reason", hex("62 03 00 01 92")],
    ["SUBACK", suback5(0)],
    ["PINGRESP", hex("d0 00")],
    ["AUTH, without a method in CONNECT", hex("f0 00")],
  ])("%s ends the connection", (_, bytes) => {
    expect(answered(bytes)).toEqual(["down 9"])
  })

  test("a second CONNACK ends it", () => {
    const bench = bench5()
    bench.answer(connack5())
    expect(bench.seen()).toEqual(["down 9"])
  })
})

describe("edge 11: CONNACK", () => {
  test.each([0x80, 0x84, 0x87, 0x8a, 0x97, 0x9f])("refused with reason code %d never means connected", (reasonCode) => {
    const bench = new Bench5()
    bench.dial()
    bench.answer(connack5({ reasonString: "no" }, false, reasonCode))
    expect([bench.seen(), bench.mqtt.isOnline(), bench.five.reasonString]).toEqual([
      [`down ${reasonCode}`],
      false,
      "no",
    ])
  })

  test("a broker of 3.1.1 alone refuses in its own way: wrong protocol version", () => {
    expect(answered(hex("20 02 00 01"))).toEqual(["down 1"])
  })

  test.each(["20 03 02 00 00", "20 03 80 00 00", "20 03 fe 00 00"])(
    "reserved flags set: %s is no connection (clause 3.2.2.1)",
    (bytes) => {
      expect(answered(hex(bytes), { keepSession: true })).toEqual(["down 9"])
    },
  )
})

describe("edge 12: Session Present", () => {
  test("1 on resume is success", () => {
    expect(answered(connack5({}, true), { keepSession: true })).toEqual(["up resumed"])
  })

  test("1 without a local session closes [MQTT-3.2.2-4]", () => {
    expect(answered(connack5({}, true))).toEqual(["down 9"])
  })
})

describe("edge 13: Session Present 0 with local state [MQTT-3.2.2-5]", () => {
  test("subscribes again, sends what is unacknowledged as new, and forgets the broker's ids", () => {
    const bench = bench5({ keepSession: true })
    bench.listen("in", 2)
    bench.answer(suback5(0, 2))
    bench.answer(publish5({ topic: "in", qos: 2, messageId: 9 }))
    for (const qos of [1, 2] as const) bench.mqtt.publish("out", "x", { qos })
    bench.packets()
    bench.again({}, false)
    expect(
      bench.packets().map(({ cmd, messageId, ...rest }) => [cmd, messageId, (rest as { dup?: boolean }).dup]),
    ).toEqual([
      ["subscribe", requestId(0), false],
      ["publish", 1, false],
      ["publish", 2, false],
    ])
    bench.seen()
    bench.answer(publish5({ topic: "in", qos: 2, messageId: 9 }))
    expect(bench.seen()).toEqual(["in: in=x"])
  })

  test("Session Present 1 asks for no subscription that is known, and sends again with DUP", () => {
    const bench = bench5({ keepSession: true })
    bench.listen("in", 2)
    bench.answer(suback5(0, 2))
    bench.mqtt.publish("out", "x", { qos: 1 })
    bench.packets()
    bench.again()
    expect(bench.packets()).toMatchObject([{ cmd: "publish", messageId: 1, dup: true }])
  })
})

describe("edge 14: an empty client id; an assigned one is reused", () => {
  test("the broker's id stands in the next CONNECT [MQTT-3.2.2-16]", () => {
    const bench = new Bench5({ clientId: "" })
    bench.online(connack5({ assignedClientIdentifier: "auto-7" }))
    bench.mqtt.drop(10)
    expect(bench.dial()).toContain(toHex("auto-7"))
  })

  test("our own stays when the broker assigns none", () => {
    const bench = bench5({ clientId: "ours" })
    bench.mqtt.drop(10)
    expect(bench.dial()).toContain(toHex("ours"))
  })
})

describe("edge 15: will and password", () => {
  const flagsOf = (options: Bench5Options) => Number.parseInt(connectOf(options).split(" ")[9]!, 16)

  test.each([
    ["no will, no login", {}, 0x02],
    ["a password, and an empty user", { login: login(undefined, "p") }, 0xc2],
    ["a user alone", { login: login("u") }, 0x82],
    ["both", { login: login("u", "p") }, 0xc2],
    ["a will", { will: will("w", "") }, 0x06],
    ["a will at QoS 1, retained", { will: will("w", "", 1, true) }, 0x2e],
    [
      "all, with a kept session",
      { will: will5("w", "", { qos: 2, retain: true }), login: login("u", "p"), keepSession: true },
      0xf4,
    ],
  ] as [string, Bench5Options, number][])("%s", (_, options, flags) => {
    expect(flagsOf(options)).toBe(flags)
  })

  test("an empty will payload and an empty password have their fields", () => {
    const packet = connectOf({ will: will("w", ""), login: login("u", "") })
    // Client id, will properties, will topic, will payload, user, password.
    expect(packet).toMatch(/00 01 63 00 00 01 77 00 00 00 01 75 00 00$/)
  })
})

describe("edge 16: Server Keep Alive overrides [MQTT-3.2.2-21]", () => {
  test.each([
    [60, 10, 5000],
    [0, 10, 5000],
    [60, 0, undefined],
    [60, undefined, 30_000],
    [0, undefined, undefined],
  ])("asked for %s s, answered %s: the next ping is due in %s ms", (keepAliveS, serverKeepAlive, inMs) => {
    const bench = bench5({ keepAliveS }, serverKeepAlive === undefined ? {} : { serverKeepAlive })
    expect(bench.clock.nextInMs()).toBe(inMs)
  })

  test("is forgotten with the connection", () => {
    const bench = bench5({}, { serverKeepAlive: 10 })
    bench.again({}, false)
    expect(bench.clock.nextInMs()).toBe(30_000)
  })
})

describe("edge 17: what the broker cannot [MQTT-3.2.2-11, -14]", () => {
  test("is announced, and what is not is the standard's default", () => {
    const { five } = bench5(
      {},
      { maximumQoS: 1, retainAvailable: false, serverKeepAlive: 60, userProperties: { a: "b" } },
    )
    expect(five.announced(P.MAXIMUM_QOS)).toBe(1)
    expect(five.announced(P.RETAIN_AVAILABLE)).toBe(0)
    expect(five.announced(P.SERVER_KEEP_ALIVE)).toBe(60)
    expect(five.announced(P.USER_PROPERTY)).toBe("\0\x01a\0\x01b")
    expect(five.announced(P.SHARED_AVAILABLE)).toBeUndefined()
  })

  test.each([
    [0, 1, [0, undefined]],
    [0, 2, [0, undefined]],
    [1, 1, [1, 1]],
    [1, 2, [1, 1]],
  ] as const)("Maximum QoS %d: a message of QoS %d goes out with QoS and id %j", (maximumQoS, qos, expected) => {
    const bench = bench5({}, { maximumQoS })
    bench.mqtt.publish("t", "x", { qos })
    expect(bench.packets().map((packet) => [(packet as { qos: number }).qos, packet.messageId])).toEqual([expected])
    expect(bench.seen()).toEqual(qos > maximumQoS ? ["trouble -9 t"] : [])
    expect(bench.session.pending()).toBe(maximumQoS)
  })

  test("one lowered to QoS 1 is complete with its PUBACK", () => {
    const bench = bench5({}, { maximumQoS: 1 })
    bench.mqtt.publish("t", "x", { qos: 2 })
    bench.socket.sent()
    bench.answer(hex("40 02 00 01"))
    expect(bench.session.pending()).toBe(0)
  })

  test("what was sent at QoS 2 to a better broker goes to a lesser one without what it does not take, never with DUP at QoS 0", () => {
    const bench = bench5({ keepSession: true })
    bench.mqtt.publish("t", "x", { qos: 2, retain: true })
    bench.socket.sent()
    bench.again({ maximumQoS: 0, retainAvailable: false })
    expect(bench.packets()).toMatchObject([{ qos: 0, dup: false, retain: false }])
    expect(bench.session.pending()).toBe(0)
  })

  test("retained messages: QoS 0 is refused, what waited goes out without the flag", () => {
    const bench = new Bench5()
    bench.mqtt.publish("waited", "x", { qos: 1, retain: true })
    bench.welcome({ retainAvailable: false })
    expect(bench.packets()).toMatchObject([{ topic: "waited", retain: false, qos: 1 }])
    expect(bench.seen()).toEqual(["up", "trouble -9 waited"])
    expect(bench.mqtt.topic("t", { retain: true }).publish("x")).toBe(-9)
    expect(bench.mqtt.topic("t").publish("x")).toBe(0)
    bench.socket.sent()
  })

  test("a subscription that it cannot is not asked for, can be ended, and is asked for at the next broker", () => {
    const bench = bench5({}, { wildcardSubscriptionAvailable: false, sharedSubscriptionAvailable: false })
    for (const filter of ["a/+", "$share/g/b"]) bench.listen(filter)
    expect([bench.seen(), bench.socket.sent()]).toEqual([["trouble 162 a/+", "trouble 158 $share/g/b"], ""])
    bench.unsubscribe("a/+")
    expect(bench.packets()).toMatchObject([{ cmd: "unsubscribe", unsubscriptions: ["a/+"] }])
    bench.again({}, false)
    expect(bench.packets().map((packet) => [packet.cmd, packet.messageId])).toEqual([["subscribe", requestId(1)]])
  })

  test("an identifier that it cannot is left out, and its messages reach the handler all the same", () => {
    const bench = bench5({}, { subscriptionIdentifiersAvailable: false })
    bench.mqtt.subscribe("t", (payload) => bench.events.push(payload), 0, { id: 5 })
    const [request] = bench.packets()
    expect((request as { properties?: object }).properties?.["subscriptionIdentifier" as never]).toBeUndefined()
    bench.answer(publish5())
    expect(bench.seen()).toEqual(["x"])
  })
})

describe("edge 18: Server Maximum Packet Size [MQTT-3.2.2-15]", () => {
  const whole = (qos: 0 | 1, payload: number) => publish5({ qos, payload: "x".repeat(payload) }).length

  test.each([0, 1] as const)("a PUBLISH at QoS %d of exactly that size goes out, one byte more does not", (qos) => {
    const bench = bench5({}, { maximumPacketSize: whole(qos, 20) })
    expect(bench.mqtt.topic("t", { qos }).publish("x".repeat(21))).toBe(-3)
    expect(bench.mqtt.publish("t", "x".repeat(21), { qos })).toBe(-3)
    expect(bench.session.pending()).toBe(0)
    expect(bench.mqtt.topic("t", { qos }).publish("x".repeat(20))).toBe(qos)
    expect(bench.packets()).toHaveLength(1)
  })

  test("an alias counts: the first message is three bytes longer", () => {
    const bench = bench5({}, { maximumPacketSize: whole(0, 20), topicAliasMaximum: 1 })
    const topic = bench.mqtt.topic("t", { alias: true })
    expect([topic.publish("x".repeat(18)), topic.publish("x".repeat(17))]).toEqual([-3, 0])
    expect(bench.packets()).toMatchObject([{ topic: "t", properties: { topicAlias: 1 } }])
    expect(bench.seen()).toEqual([])
  })

  test("what waited and is too large is reported and gives its slot back, and all behind it goes out in order", () => {
    const bench = new Bench5({ slots: 4 })
    for (const length of [5, 100, 6, 101]) bench.mqtt.publish(`t${length}`, "x".repeat(length), { qos: 1 })
    bench.welcome({ maximumPacketSize: 50, receiveMaximum: 2 })
    expect(bench.packets()).toMatchObject([{ topic: "t5" }, { topic: "t6" }])
    expect(bench.session.pending()).toBe(3)
    bench.answer(hex("40 02 00 01"))
    expect(bench.seen()).toEqual(["up", "trouble -3 t100", "trouble -3 t101"])
    expect(bench.session.pending()).toBe(1)
  })

  test("what waited and is of exactly that size goes out", () => {
    const bench = new Bench5()
    for (const length of [20, 21]) bench.mqtt.publish("t", "x".repeat(length), { qos: 1 })
    bench.welcome({ maximumPacketSize: whole(1, 20) })
    expect(bench.packets()).toHaveLength(1)
    expect(bench.seen()).toEqual(["up", "trouble -3 t"])
  })

  test("a SUBSCRIBE is kept to it, too: one of exactly that size goes out, one byte more does not", () => {
    const bench = bench5({}, { maximumPacketSize: 200 })
    // First byte, two of length, packet id, no properties, the filter with its length, options: nine bytes and the filter.
    for (const length of [192, 191]) bench.listen("f".repeat(length))
    expect(bench.seen()).toEqual([`trouble -3 ${"f".repeat(192)}`])
    expect(bench.socket.sent().split(" ")).toHaveLength(200)
  })

  test("is forgotten at the next CONNACK", () => {
    const bench = bench5({}, { maximumPacketSize: 30 })
    bench.again({}, false)
    for (const qos of [0, 1] as const) expect(bench.mqtt.publish("t", "x".repeat(100), { qos })).toBe(qos)
    expect(bench.packets()).toHaveLength(2)
  })

  test("zero is an error (clause 3.2.2.3.6)", () => {
    expect(answered(hex("20 08 00 00 05 27 00 00 00 00"))).toEqual(["down 9"])
  })
})

test("a broken rule before CONNACK is not answered with DISCONNECT [MQTT-3.14.0-1], behind it it is", () => {
  const bench = new Bench5()
  bench.dial()
  expect(bench.answer(publish5())).toBe("")
  bench.welcome()
  expect(bench.answer(hex("30 00"))).toBe(goodbye(0x81))
})
