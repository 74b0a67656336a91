import { describe, expect, test } from "vitest"
import { bench } from "./peer"

const topics = (t: ReturnType<typeof bench>) => t.broker.messages.map(({ topic, payload }) => `${topic} ${payload}`)

describe("acknowledgements of 5.0", () => {
  test("tell whether anybody was there: 0x00 or 0x10", () => {
    const t = bench()
    const sender = t.five({ clientId: "sender" }).forget()
    sender.publish("t", "a", { qos: 1, messageId: 1 }).publish("t", "b", { qos: 2, messageId: 2 })
    t.five().subscribe("t")
    sender.publish("t", "c", { qos: 1, messageId: 3 }).publish("t", "d", { qos: 2, messageId: 4 })
    expect(sender.said).toEqual(["puback #1 0x10", "pubrec #2 0x10", "puback #3", "pubrec #4"])
  })

  test("PUBREL is answered by PUBCOMP, with 0x92 for an id that is not known", () => {
    const peer = bench().five().forget().publish("t", "x", { qos: 2 })
    peer.answer("pubrel", 5).answer("pubrel", 5)
    expect(peer.said).toEqual(["pubrec #5 0x10", "pubcomp #5", "pubcomp #5 0x92"])
  })
})

describe("QoS 2, exactly once", () => {
  test.each([4, 5] as const)(
    "[MQTT-4.3.3-10] level %i: a repeat is acknowledged and not routed, across connections too",
    (level) => {
      const t = bench()
      const connect = () => t.peer({ protocolVersion: level, clean: false }).forget()
      const first = connect().publish("t", "x", { qos: 2 }).publish("t", "x", { qos: 2, dup: true })
      first.vanish()
      const second = connect().publish("t", "x", { qos: 2, dup: true }).answer("pubrel", 5)
      expect(second.said.map((text) => text.slice(0, 9))).toEqual(["pubrec #5", "pubcomp #"])
      second.publish("t", "y", { qos: 2 })
      expect(topics(t)).toEqual(["t x", "t y"])
    },
  )

  test("a clean start forgets which ids were received", () => {
    const t = bench()
    t.five().publish("t", "x", { qos: 2 }).vanish()
    t.five({ clean: true }).publish("t", "x", { qos: 2, dup: true })
    expect(topics(t)).toEqual(["t x", "t x"])
  })

  test("[MQTT-4.3.3-9] after a failing PUBREC the id is new", () => {
    let verdict = 0x97
    const t = bench({ policy: { publish: () => verdict } })
    const peer = t.five().forget().publish("t", "x", { qos: 2 })
    verdict = 0
    peer.publish("t", "y", { qos: 2 })
    expect([peer.said, topics(t)]).toEqual([["pubrec #5 0x97", "pubrec #5 0x10"], ["t y"]])
  })
})

describe("a message that the house refuses", () => {
  const t = () => bench({ policy: { publish: ({ topic }) => (topic === "no" ? 0x87 : 0) } })

  test("gets its reason code, and is neither routed nor kept", () => {
    const table = t()
    const peer = table.five().forget().publish("no", "x", { qos: 1, retain: true })
    expect([peer.said, peer.properties]).toEqual([["puback #5 0x87"], { reasonString: "the message was not taken" }])
    expect([table.broker.messages, table.broker.retained.size, peer.isClosed]).toEqual([[], 0, false])
  })

  test("is acknowledged to a 3.1.1 client, which has no other word, and gone", () => {
    const table = t()
    expect(table.peer().publish("no", "x", { qos: 1 }).said.at(-1)).toBe("puback #5")
    expect(table.broker.messages).toEqual([])
  })
})

describe("receive maximum", () => {
  const t = () => bench({ capabilities: { receiveMaximum: 2 } })
  const three = (level: 4 | 5) => {
    const peer = t().peer({ protocolVersion: level }).forget()
    for (const messageId of [1, 2, 3]) peer.publish("t", "x", { qos: 2, messageId })
    return peer
  }

  test("one message more that is not finished: 0x93", () => {
    expect(three(5).said.at(-1)).toBe("disconnect 0x93")
    expect(three(4).said).toEqual(["pubrec #1", "pubrec #2", "pubrec #3"]) // 3.1.1 has no such limit
  })

  test("PUBCOMP, PUBACK and a failing PUBREC give room; a repeat takes none", () => {
    const peer = t().five().publish("t", "x", { qos: 2, messageId: 1 }).publish("t", "x", { qos: 2, messageId: 2 })
    peer.publish("t", "x", { qos: 2, messageId: 2, dup: true }).answer("pubrel", 1)
    peer.publish("t", "x", { qos: 1, messageId: 3 }).publish("t", "x", { qos: 1, messageId: 4 })
    peer.publish("t", "x", { qos: 2, messageId: 5 })
    expect(peer.isClosed).toBe(false)
  })

  test("acknowledgements that the broker keeps back count as missing", () => {
    const table = t()
    table.broker.muted.add("puback")
    const peer = table.five().forget()
    for (const messageId of [1, 2, 3]) peer.publish("t", "x", { qos: 1, messageId })
    expect(peer.said).toEqual(["disconnect 0x93"])
  })
})

describe("topic aliases from a client", () => {
  test("[MQTT-3.3.2-7, -12] set, used, changed; they end with the connection", () => {
    const t = bench()
    const peer = t.five().publish("a", "1", { properties: { topicAlias: 10 } })
    peer.publish("", "2", { properties: { topicAlias: 10 } }).publish("b", "3", { properties: { topicAlias: 10 } })
    peer.publish("", "4", { properties: { topicAlias: 10 } }).vanish()
    const again = t
      .five()
      .forget()
      .publish("", "5", { properties: { topicAlias: 10 } })
    expect([topics(t), again.said]).toEqual([["a 1", "a 2", "b 3", "b 4"], ["disconnect 0x82"]])
  })

  test.each([
    ["[MQTT-3.3.2-8] alias 0", "a", 0, 0x94],
    ["[MQTT-3.3.2-9] one above the maximum", "a", 11, 0x94],
    ["one that was never set", "", 3, 0x82],
  ])("%s ends the connection", (_, topic, topicAlias, code) => {
    const peer = bench().five().forget().publish(topic, "x", { properties: { topicAlias } })
    expect([peer.said, peer.isClosed]).toEqual([[`disconnect 0x${code.toString(16)}`], true])
  })

  test("with a maximum of 0 there are none", () => {
    const t = bench({ capabilities: { topicAliasMaximum: 0 } })
    expect(
      t
        .five()
        .forget()
        .publish("a", "x", { properties: { topicAlias: 1 } }).said,
    ).toEqual(["disconnect 0x94"])
  })

  test("no topic and no alias is a protocol error", () => {
    expect(bench().five().forget().publish("", "x").said).toEqual(["disconnect 0x82"])
  })
})

describe("what CONNACK said is not to be had ends the connection", () => {
  test.each([
    ["[MQTT-3.2.2-11] a higher QoS", { maximumQos: 0 }, { qos: 1 }, 0x9b],
    ["[MQTT-3.2.2-14] retain", { retainAvailable: false }, { retain: true }, 0x9a],
  ] as const)("%s", (_, capabilities, options, code) => {
    const peer = bench({ capabilities }).five().forget().publish("t", "x", options)
    expect(peer.said).toEqual([`disconnect 0x${code.toString(16)}`])
  })
})

test.each([
  ["[MQTT-3.3.4-6] a subscription identifier", { subscriptionIdentifier: 1 }],
  ["[MQTT-3.3.2-14] a wildcard in the response topic", { responseTopic: "a/+" }],
])("%s in a client's PUBLISH is a protocol error", (_, properties) => {
  expect(bench().five().forget().publish("t", "x", { properties }).said).toEqual(["disconnect 0x82"])
})

test("[MQTT-3.3.2-2] a wildcard in a topic is a protocol error", () => {
  expect(bench().five().forget().publish("a/#", "x").said).toEqual(["disconnect 0x82"])
})

test("a payload that claims to be UTF-8 is looked at only when the broker is asked to", () => {
  const bad = { qos: 1, properties: { payloadFormatIndicator: true } } as const
  const bytes = {
    cmd: "publish",
    topic: "t",
    payload: Buffer.from([0xff]),
    messageId: 5,
    retain: false,
    dup: false,
  } as const
  expect(
    bench()
      .five()
      .send({ ...bytes, ...bad })
      .said.at(-1),
  ).toBe("puback #5 0x10")
  const strict = bench({ capabilities: { checksPayloadFormat: true } })
  expect(
    strict
      .five()
      .send({ ...bytes, ...bad })
      .said.at(-1),
  ).toBe("puback #5 0x99")
  expect(strict.five().publish("t", "é", bad).said.at(-1)).toBe("puback #5 0x10")
})
