import { describe, expect, test } from "vitest"
import { hex, toHex } from "../../fakes/bytes"
import { requestId, unsubscribeId } from "../reference"
import { Bench5, bench5, goodbye, packet5, publish5, suback5, unsuback5 } from "./reference"

describe("edge 32: UNSUBACK", () => {
  test.each([
    ["0x00 is success", 0x00, []],
    ["0x11, no subscription existed, too", 0x11, []],
    ["0x87 is reported", 0x87, ["trouble 135 t"]],
  ])("%s", (_, code, seen) => {
    const bench = bench5({ maxSubscriptions: 1 })
    bench.listen("t")
    bench.answer(suback5(0))
    bench.unsubscribe("t")
    bench.socket.sent()
    bench.answer(unsuback5(0, code))
    expect(bench.seen()).toEqual(seen)
    expect(bench.listen("u")).toBe(0)
    bench.socket.sent()
  })
})

describe("edge 33: PUBLISH before its SUBACK", () => {
  test("reaches the handler", () => {
    const bench = bench5()
    bench.listen("t")
    bench.socket.sent()
    bench.answer(publish5())
    expect(bench.seen()).toEqual(["t: t=x"])
  })
})

describe("edge 34: which filter takes which topic, with properties and without [MQTT-4.7.1-2, -3], [MQTT-4.7.2-1]", () => {
  test.each([
    ["sport/#", "sport", true],
    ["sport/#", "sport/a/b", true],
    ["sport/+", "sport/", true],
    ["sport/+", "sport", false],
    ["+/+", "/finance", true],
    ["#", "$SYS/a", false],
    ["+/a", "$SYS/a", false],
    ["$SYS/#", "$SYS/a", true],
    ["a", "A", false],
  ])("%s takes %s: %j", (filter, topic, isTaken) => {
    for (const properties of [{}, { contentType: "c" }]) {
      const bench = bench5()
      bench.listen(filter)
      bench.socket.sent()
      bench.answer(publish5({ topic, properties }))
      expect(bench.seen()).toEqual(isTaken ? [`${filter}: ${topic}=x`] : [])
    }
  })

  test.each(["a+", "a/#/b", "#/a", "", "a\0"])("%j is refused", (filter) => {
    expect(() => bench5().listen(filter)).toThrow("topic")
  })
})

describe("edge 35: overlapping filters, subscription identifiers, $share, No Local on shared refused", () => {
  const subscribeAll = (...wanted: [filter: string, id?: number][]) => {
    const bench = bench5({ maxSubscriptions: 8 })
    for (const [filter, id] of wanted)
      bench.mqtt.subscribe(filter, () => bench.events.push(filter), 0, id === undefined ? {} : { id })
    bench.socket.sent()
    return bench
  }

  test("a message with several identifiers reaches each of their handlers once", () => {
    const bench = subscribeAll(["a/#", 1], ["a/b", 2], ["a/+", 3])
    bench.answer(publish5({ topic: "a/b", properties: { subscriptionIdentifier: [1, 3] as unknown as number } }))
    expect(bench.seen()).toEqual(["a/#", "a/+"])
  })

  test("one copy each: each copy reaches the handlers that it was sent for", () => {
    const bench = subscribeAll(["a/#", 1], ["a/b", 2])
    for (const subscriptionIdentifier of [1, 2])
      bench.answer(publish5({ topic: "a/b", properties: { subscriptionIdentifier } }))
    expect(bench.seen()).toEqual(["a/#", "a/b"])
  })

  test("a copy without identifiers is for those that have none", () => {
    const bench = subscribeAll(["a/b", 2], ["a/+"])
    bench.answer(publish5({ topic: "a/b" }))
    expect(bench.seen()).toEqual(["a/+"])
  })

  test("without identifiers each handler whose filter matches is called", () => {
    const bench = subscribeAll(["a/#"], ["a/b"])
    bench.answer(publish5({ topic: "a/b", properties: { contentType: "c" } }))
    expect(bench.seen()).toEqual(["a/#", "a/b"])
  })

  test("the request is the independent codec's, with every option", () => {
    const bench = bench5()
    const options = {
      noLocal: true,
      retainAsPublished: true,
      retainHandling: 2,
      id: 268_435_455,
      userProperties: [["a", "b"]],
    } as const
    bench.mqtt.subscribe("t", () => undefined, 1, options)
    const properties = { subscriptionIdentifier: 268_435_455, userProperties: { a: "b" } }
    const subscriptions = [{ topic: "t", qos: 1, nl: true, rap: true, rh: 2 }] as const
    expect(bench.socket.sent()).toBe(
      toHex(packet5({ cmd: "subscribe", messageId: requestId(0), subscriptions: [...subscriptions], properties })),
    )
    bench.unsubscribe("t")
    expect(bench.socket.sent()).toBe(
      toHex(
        packet5({
          cmd: "unsubscribe",
          messageId: unsubscribeId(0),
          unsubscriptions: ["t"],
          properties: { userProperties: { a: "b" } },
        }),
      ),
    )
  })

  test("$share and the group's name are for the broker: messages match what is behind them [MQTT-4.8.2-2]", () => {
    const bench = bench5()
    bench.listen("$share/group/a/+", 1)
    bench.listen("$share/group/b")
    expect(
      bench
        .packets()
        .map((packet) => (packet as unknown as { subscriptions: { topic: string }[] }).subscriptions[0]!.topic),
    ).toEqual(["$share/group/a/+", "$share/group/b"])
    for (const topic of ["a/1", "b"]) bench.answer(publish5({ topic }))
    expect(bench.seen()).toEqual(["$share/group/a/+: a/1=x", "$share/group/b: b=x"])
    bench.answer(publish5({ topic: "$share/group/b" }))
    expect(bench.seen()).toEqual([])
    bench.unsubscribe("$share/group/a/+")
    expect(bench.packets()).toMatchObject([{ unsubscriptions: ["$share/group/a/+"] }])
  })

  test.each([
    "$share",
    "$share/",
    "$share/g",
    "$share/g/",
    "$share//a",
    "$share/+/a",
    "$share/g+/a",
    "$share/g/a+",
    "$share/g/#/a",
  ])("%s names no group or no filter, and is refused [MQTT-4.8.2-1, -2]", (filter) => {
    const bench = bench5()
    expect(() => bench.listen(filter)).toThrow("topic")
    expect(bench.socket.sent()).toBe("")
  })

  test("No Local on a shared subscription is refused [MQTT-3.8.3-4]", () => {
    const bench = bench5()
    expect(() => bench.mqtt.subscribe("$share/g/a", () => undefined, 0, { noLocal: true })).toThrow("topic")
    bench.mqtt.subscribe("$shared/a", () => undefined, 0, { noLocal: true })
    bench.socket.sent()
  })
})

describe("edge 36: topic alias (clause 3.3.2.3.4)", () => {
  const listening = (topicAliasMaximum: number) => {
    const bench = bench5({ options5: { topicAliasMaximum }, keepSession: true })
    bench.listen("#", 2)
    bench.answer(suback5(0, 2))
    return bench
  }
  const aliased = (topic: string, topicAlias: number, rest = {}) =>
    publish5({ topic, properties: { topicAlias }, ...rest })

  test.each([
    ["0 [MQTT-3.3.2-8]", "30 07 00 01 74 03 23 00 00", 5],
    ["above the maximum [MQTT-3.3.2-9]", toHex(aliased("t", 6)), 5],
    ["any, when none was allowed", toHex(aliased("t", 1)), 0],
    ["unknown with an empty topic", toHex(aliased("", 3)), 5],
    ["none with an empty topic", toHex(publish5({ topic: "" })), 5],
  ])("%s ends the connection", (_, bytes, maximum) => {
    const bench = listening(maximum)
    expect(bench.answer(hex(bytes))).toBe(goodbye(0x94))
    expect(bench.seen()).toEqual(["down 148"])
  })

  test("stands for its topic until it is given another, at every QoS", () => {
    const bench = listening(2)
    bench.answer(
      aliased("a", 1) + aliased("", 1) + aliased("b", 2, { qos: 2, messageId: 4 }) + aliased("", 2, { qos: 1 }),
    )
    bench.answer(aliased("c", 1) + aliased("", 1) + aliased("", 2))
    expect(bench.seen()).toEqual(["a", "a", "b", "b", "c", "c", "b"].map((topic) => `#: ${topic}=x`))
  })

  test("a duplicate that is not handed on teaches its alias all the same", () => {
    const bench = listening(1)
    bench.answer(publish5({ topic: "a", qos: 2, messageId: 4 }))
    bench.answer(aliased("a", 1, { qos: 2, messageId: 4, dup: true }) + aliased("", 1))
    expect(bench.seen()).toEqual(["#: a=x", "#: a=x"])
  })

  test("is reset with the connection [MQTT-3.3.2-7]", () => {
    const bench = listening(2)
    bench.answer(aliased("a", 1))
    bench.again()
    expect(bench.answer(aliased("", 1))).toBe(goodbye(0x94))
    expect(bench.seen()).toEqual(["#: a=x", "down 10", "up resumed", "down 148"])
  })

  test("an alias for a name with a wildcard is no way around [MQTT-3.3.2-2]", () => {
    expect(listening(1).answer(aliased("a/#", 1))).toBe(goodbye(0x81))
  })

  test("ours: none without the broker's leave, and QoS 1 and resends have the full topic", () => {
    const bench = bench5({ keepSession: true })
    bench.mqtt.topic("t", { alias: true }).publish("x")
    expect(bench.socket.sent()).toBe(toHex(publish5()))
    bench.again({ topicAliasMaximum: 5 })
    bench.mqtt.topic("t", { alias: true, qos: 1 }).publish("x")
    expect(bench.socket.sent()).toBe(toHex(publish5({ qos: 1 })))
    bench.again({ topicAliasMaximum: 5 })
    expect(bench.socket.sent()).toBe(toHex(publish5({ qos: 1, dup: true })))
  })

  test("ours: one name has one alias, names that objects have by themselves as well, and properties go along", () => {
    const bench = bench5({}, { topicAliasMaximum: 5 })
    const options = { alias: true, properties: { contentType: "c" } }
    for (const name of ["constructor", "__proto__", "constructor", "__proto__"])
      bench.mqtt.topic(name, options).publish("x")
    expect(
      bench
        .packets()
        .map((packet) => [(packet as { topic: string }).topic, (packet as { properties: object }).properties]),
    ).toEqual([
      ["constructor", { topicAlias: 1, contentType: "c" }],
      ["__proto__", { topicAlias: 2, contentType: "c" }],
      ["", { topicAlias: 1, contentType: "c" }],
      ["", { topicAlias: 2, contentType: "c" }],
    ])
  })
})

describe("edge 37: a wildcard in a published topic [MQTT-3.3.2-2]", () => {
  test.each(["a/+", "#", "a\0"])("%j ends the connection", (topic) => {
    const bench = bench5()
    const bytes = hex("30") + String.fromCharCode(4 + topic.length, 0, topic.length) + topic + "\0x"
    expect(bench.answer(bytes)).toBe(goodbye(0x81))
    bench.seen()
  })

  test("is a mistake when we publish it", () => {
    expect(() => new Bench5().mqtt.publish("a/+", "x")).toThrow("topic")
  })
})

describe("PUBLISH (clause 3.3) is the independent codec's", () => {
  const properties = {
    expiryS: 0xffffffff,
    isUtf8: true,
    contentType: "text/plain",
    responseTopic: "r/1",
    correlationData: "\0\x80\xff",
    userProperties: [["name", "value"]],
  } as const
  const theirs = {
    messageExpiryInterval: 0xffffffff,
    payloadFormatIndicator: true,
    contentType: "text/plain",
    responseTopic: "r/1",
    correlationData: Buffer.from([0, 0x80, 0xff]),
    userProperties: { name: "value" },
  }

  test.each([
    [0, false],
    [0, true],
    [1, false],
    [2, true],
  ] as const)("at QoS %d, retained %j, with all properties and with none", (qos, retain) => {
    for (const payload of ["", "x", "y".repeat(200)]) {
      const bench = bench5()
      bench.mqtt.topic("a/b", { qos, retain, properties }).publish(payload)
      bench.mqtt.publish("a/b", payload, { qos, retain })
      const message = { topic: "a/b", payload, qos, retain }
      expect(bench.socket.sent()).toBe(
        toHex(publish5({ ...message, messageId: 1, properties: theirs }) + publish5({ ...message, messageId: 2 })),
      )
    }
  })

  test("in the short way, too", () => {
    const bench = bench5()
    for (const payload of ["", "x", "y".repeat(121), "y".repeat(122), "y".repeat(123), "y".repeat(124)]) {
      bench.mqtt.publish("t", payload)
      expect(bench.socket.sent()).toBe(toHex(publish5({ payload })))
    }
  })
})
