import { describe, expect, test } from "vitest"
import type { MessageProperties } from "../../../sim/events"
import { isRetained } from "../../../src/mqtt/message"
import { unsubscribe } from "../../../src/mqtt/unsubscribe"
import * as message from "../../../src/mqtt/v5/message"
import { will5 } from "../../../src/mqtt/v5/mqtt5"
import { MAXIMUM_QOS, RESPONSE_INFORMATION, RETAIN_AVAILABLE, USER_PROPERTY } from "../../../src/mqtt/v5/properties"
import { House } from "./house"

/** What the broker took, short. */
const taken = (house: House) => house.broker.messages.map(({ topic, payload, qos }) => `${topic}=${payload} q${qos}`)

describe("a will", () => {
  const will = will5("status/device", "gone", {
    qos: 1,
    retain: true,
    delayS: 30,
    properties: { contentType: "text/plain", expiryS: 600, userProperties: [["why", "lost"]] },
  })

  test("waits for its delay, and keeps its properties", () => {
    const house = new House()
    const device = house.device({ will, options5: { sessionExpiryS: 3600 } }).online()
    device.vanish()
    house.runS(29)
    expect(taken(house)).toEqual([])
    house.runS(2)
    expect(house.broker.messages).toMatchObject([
      { topic: "status/device", payload: "gone", qos: 1, retain: true, properties: { contentType: "text/plain" } },
    ])
    expect((house.broker.messages[0]!.properties as MessageProperties).userProperties).toEqual([["why", "lost"]])
  })

  test("is not published for a device that is back within the delay", () => {
    const house = new House()
    const device = house.device({ will, keepSession: true }).online()
    device.vanish()
    house.runS(10)
    device.dial()
    house.runS(60)
    expect(taken(house)).toEqual([])
  })

  test("is published at once at a goodbye with 0x04, and not at all at one without", () => {
    const house = new House()
    const device = house.device({ will: will5("status", "gone", {}) }).online()
    device.five.disconnect(0x04)
    house.runS(1)
    expect(taken(house)).toEqual(["status=gone q0"])
    device.online().mqtt.close()
    device.online().five.disconnect()
    house.runS(1)
    expect(taken(house)).toHaveLength(1)
  })
})

describe("session expiry", () => {
  test.each([
    [9, "up resumed"],
    [11, "up"],
  ])("of 10 s: a device that is back after %d s is %s", (awayS, up) => {
    const house = new House()
    const device = house.device({ keepSession: true, options5: { sessionExpiryS: 10 } }).online()
    device.vanish()
    house.runS(awayS)
    device.events.splice(0)
    expect(device.dial().seen()).toEqual([up])
  })

  test("can be changed with the goodbye", () => {
    const house = new House()
    const device = house.device({ keepSession: true, options5: { sessionExpiryS: 10 } }).online()
    device.five.disconnect(0, 100)
    house.runS(50)
    device.events.splice(0)
    expect(device.dial().seen()).toEqual(["up resumed"])
  })

  test("is for ever with keepSession, if not told otherwise", () => {
    const house = new House()
    const device = house.device({ keepSession: true }).online()
    device.vanish()
    house.runS(400 * 86_400)
    device.events.splice(0)
    expect(device.dial().seen()).toEqual(["up resumed"])
  })
})

describe("message expiry", () => {
  test("is counted down by the broker, and told", () => {
    const house = new House()
    const device = house.device({ keepSession: true, options5: { sessionExpiryS: 100 } }).online()
    let leftS: number | undefined
    device.hear("t", (_, __, packet) => (leftS = message.messageExpiryS(packet)), 1)
    device.vanish()
    house.broker.publish("t", "x", { qos: 1, properties: { messageExpiryIntervalS: 60 } })
    house.runS(20)
    device.online()
    expect(leftS).toBe(40)
  })

  test("is counted down in our queue: what is left arrives with what is left, and the rest not at all", () => {
    const house = new House()
    const device = house.device().online()
    device.vanish()
    device.mqtt.publish("soon", "x", { qos: 1, properties: { expiryS: 10 } })
    device.mqtt.publish("later", "x", { qos: 1, properties: { expiryS: 60 } })
    house.runS(20)
    device.events.splice(0)
    expect(device.dial().seen()).toEqual(["up", "trouble -8 soon"])
    expect(house.broker.messages).toMatchObject([{ topic: "later", properties: { messageExpiryIntervalS: 40 } }])
    expect(device.session.pending()).toBe(0)
  })
})

describe("subscription options", () => {
  test("No Local: what the device publishes itself does not come back", () => {
    const house = new House()
    const device = house.device().online().listen("own", 0, { noLocal: true }).listen("all")
    for (const topic of ["own", "all"]) device.mqtt.publish(topic, "x")
    expect(device.seen()).toEqual(["all: all=x"])
  })

  test.each([
    [0, 2, 3],
    [1, 1, 1],
    [2, 0, 0],
  ] as const)(
    "Retain Handling %d: two SUBSCRIBEs bring the kept message %d times",
    (retainHandling, times, handled) => {
      const house = new House()
      house.broker.publish("t", "kept", { retain: true })
      const device = house.device().online().listen("t", 0, { retainHandling }).listen("t", 0, { retainHandling })
      expect(device.heard("publish")).toHaveLength(times)
      // The second time there are two handlers.
      expect(device.seen()).toHaveLength(handled)
    },
  )

  test.each([
    [false, false],
    [true, true],
  ])("Retain As Published %j: a live retained message has the flag %j", (retainAsPublished, isSet) => {
    const house = new House()
    let flag: boolean | undefined
    const device = house.device().online()
    device.hear("t", (_, __, packet) => (flag = isRetained(packet)), 0, { retainAsPublished })
    house.broker.publish("t", "x", { retain: true })
    device.seen()
    expect(flag).toBe(isSet)
  })

  test("subscription identifiers tell overlapping filters apart, whether the broker sends one copy or several", () => {
    for (const overlap of ["one", "each"] as const) {
      const house = new House({ capabilities: { overlap } })
      const device = house.device().online()
      device.listen("a/#", 0, { id: 1 }).listen("a/b", 0, { id: 268_435_455 }).listen("a/c", 0, { id: 3 })
      house.broker.publish("a/b", "x")
      expect(device.seen().toSorted()).toEqual(["a/#: a/b=x", "a/b: a/b=x"])
    }
  })

  test("user properties go out with SUBSCRIBE and UNSUBSCRIBE", () => {
    const house = new House()
    const device = house.device().online()
    device.listen("t", 0, { userProperties: [["who", "me"]] })
    unsubscribe(device.mqtt, "t")
    device.seen()
    expect([...device.said("subscribe"), ...device.said("unsubscribe")].map(({ properties }) => properties)).toEqual([
      { userProperties: { who: "me" } },
      { userProperties: { who: "me" } },
    ])
    house.broker.publish("t", "x")
    expect(device.seen()).toEqual([])
  })

  test("a shared subscription shares: each message goes to one of the group", () => {
    const house = new House()
    const devices = ["a", "b"].map((clientId) => house.device({ clientId }).online().listen("$share/group/job/+", 1))
    for (let job = 0; job < 6; job++) house.broker.publish(`job/${job}`, "x", { qos: 1 })
    const seen = devices.map((device) => device.seen())
    expect(seen.map(({ length }) => length)).toEqual([3, 3])
    expect(seen.flat().toSorted()).toEqual([0, 1, 2, 3, 4, 5].map((job) => `$share/group/job/+: job/${job}=x`))
  })
})

describe("topic aliases", () => {
  test("ours: after the first message a prepared topic is two bytes, up to the broker's maximum", () => {
    const house = new House({ capabilities: { topicAliasMaximum: 2 } })
    const device = house.device().online()
    const topics = ["long/topic/a", "long/topic/b", "long/topic/c"].map((name) =>
      device.mqtt.topic(name, { alias: true }),
    )
    for (const payload of ["1", "2"]) for (const topic of topics) expect(topic.publish(payload)).toBe(0)
    device.seen()
    expect(device.said("publish").map(({ topic, properties }) => [topic, properties?.topicAlias])).toEqual([
      ["long/topic/a", 1],
      ["long/topic/b", 2],
      ["long/topic/c", undefined],
      ["", 1],
      ["", 2],
      ["long/topic/c", undefined],
    ])
    expect(taken(house)).toEqual(["a=1", "b=1", "c=1", "a=2", "b=2", "c=2"].map((end) => `long/topic/${end} q0`))
  })

  test("ours are forgotten with the connection", () => {
    const house = new House()
    const device = house.device().online()
    const topic = device.mqtt.topic("long/topic", { alias: true })
    topic.publish("1")
    device.seen()
    device.vanish().online()
    topic.publish("2")
    device.seen()
    expect(taken(house)).toEqual(["long/topic=1 q0", "long/topic=2 q0"])
  })

  test("the broker's: messages arrive under their topics, also when an alias changes its topic", () => {
    const house = new House()
    const device = house
      .device({ options5: { topicAliasMaximum: 2 } })
      .online()
      .listen("#")
    for (const topic of ["a", "b", "a", "c", "d", "a", "d"]) house.broker.publish(topic, "x")
    expect(device.seen()).toEqual(["a", "b", "a", "c", "d", "a", "d"].map((topic) => `#: ${topic}=x`))
    expect(device.heard("publish").some(({ topic }) => topic.length === 0)).toBe(true)
  })
})

describe("flow control", () => {
  test("never more under way than the broker's Receive Maximum, and all arrive", () => {
    const house = new House({ capabilities: { receiveMaximum: 2 } })
    const device = house.device({ slots: 8 }).online()
    for (let i = 0; i < 8; i++) expect(device.mqtt.publish("t", `${i}`, { qos: i % 2 ? 1 : 2 })).toBe(1)
    expect(device.said("publish")).toHaveLength(2)
    house.runS(1)
    expect(house.broker.messages.map(({ payload }) => payload)).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"])
    expect(device.seen()).toEqual([])
  })

  test("the broker keeps to our Receive Maximum", () => {
    const house = new House()
    const device = house
      .device({ options5: { receiveMaximum: 3 } })
      .online()
      .listen("t", 2)
    for (let i = 0; i < 10; i++) house.broker.publish("t", `${i}`, { qos: 2 })
    expect(device.seen()).toHaveLength(10)
    expect(device.mqtt.isOnline()).toBe(true)
  })

  test("the broker's Maximum Packet Size is kept by every publish, and what waited is reported", () => {
    const house = new House({ capabilities: { maximumPacketSize: 40 } })
    const device = house.device()
    device.mqtt.publish("waited", "x".repeat(40), { qos: 1 })
    expect(device.dial().seen()).toEqual(["up", "trouble -3 waited"])
    for (const qos of [0, 1] as const) {
      expect(device.mqtt.publish("t", "x".repeat(40), { qos })).toBe(-3)
      expect(device.mqtt.publish("t", "x".repeat(20), { qos })).toBe(qos)
    }
    expect(device.session.pending()).toBe(1)
    expect(device.seen()).toEqual([])
    expect([device.session.pending(), device.mqtt.isOnline()]).toEqual([0, true])
  })

  test("ours is kept by the broker: a larger message does not come, the next one does", () => {
    const house = new House()
    const device = house.device({ maxPacketBytes: 128 }).online().listen("t", 1)
    house.broker.publish("t", "x".repeat(200), { qos: 1 })
    house.broker.publish("t", "small", { qos: 1 })
    expect(device.seen()).toEqual(["t: t=small"])
  })
})

describe("a broker that cannot everything", () => {
  test("says so, and what it cannot is sent without or refused, and reported", () => {
    const house = new House({ capabilities: { maximumQos: 1, retainAvailable: false } })
    const device = house.device().online()
    expect([MAXIMUM_QOS, RETAIN_AVAILABLE].map((id) => device.five.announced(id))).toEqual([1, 0])
    expect(device.mqtt.publish("a", "x", { retain: true })).toBe(-9)
    expect(device.mqtt.publish("b", "x", { qos: 2, retain: true })).toBe(1)
    expect(device.mqtt.publish("c", "x", { qos: 1 })).toBe(1)
    expect(device.seen()).toEqual(["trouble -9 b"])
    expect(taken(house)).toEqual(["b=x q1", "c=x q1"])
    expect(device.session.pending()).toBe(0)
  })

  test("of QoS 0 alone gets all in order, and nothing stays in flight", () => {
    const house = new House({ capabilities: { maximumQos: 0 } })
    const device = house.device()
    for (const payload of ["1", "2", "3"]) device.mqtt.publish("t", payload, { qos: 2 })
    expect(device.dial().seen()).toEqual(["up", "trouble -9 t", "trouble -9 t", "trouble -9 t"])
    expect(taken(house)).toEqual(["t=1 q0", "t=2 q0", "t=3 q0"])
    expect(device.session.pending()).toBe(0)
  })

  test("without wildcards, shared subscriptions or identifiers is not asked for them", () => {
    const house = new House({ capabilities: { wildcards: false, sharedSubscriptions: false, subscriptionIds: false } })
    const device = house.device().online().listen("a/+").listen("$share/g/b").listen("c", 0, { id: 7 })
    house.broker.publish("c", "x")
    expect(device.seen()).toEqual(["trouble 162 a/+", "trouble 158 $share/g/b", "c: c=x"])
    expect(device.said("subscribe").map(({ subscriptions }) => subscriptions[0]!.topic)).toEqual(["c"])
  })

  test("may set the keep-alive", () => {
    const house = new House({ capabilities: { serverKeepAliveS: 10 } })
    const device = house.device({ keepAliveS: 1000 }).online()
    house.runS(60)
    expect(device.seen()).toEqual([])
    expect(device.said("pingreq").length).toBeGreaterThanOrEqual(11)
  })
})

describe("what the broker says", () => {
  test("an assigned client id is ours from then on", () => {
    const house = new House()
    const device = house.device({ clientId: "", keepSession: true }).online()
    device.vanish().dial()
    const ids = device.said("connect").map(({ clientId }) => clientId)
    expect(ids[0]).toBe("")
    expect(ids[1]).toMatch(/^auto-/)
    expect(device.seen().at(-1)).toBe("up resumed")
  })

  test("response information, when it was asked for", () => {
    const house = new House({ capabilities: { responseInformation: "answers/" } })
    const asked = house.device({ options5: { wantsResponseInformation: true } }).online()
    const silent = house.device({ clientId: "other" }).online()
    expect([asked, silent].map(({ five }) => five.announced(RESPONSE_INFORMATION))).toEqual(["answers/", undefined])
  })

  test("why a message was not taken: the code, and the words for people", () => {
    const house = new House({ policy: { publish: ({ topic }) => (topic === "secret" ? 0x87 : 0) } })
    const device = house.device().online()
    for (const qos of [1, 2] as const) device.mqtt.publish("secret", "x", { qos })
    device.mqtt.publish("open", "x", { qos: 2 })
    expect(device.seen()).toEqual(["trouble 135 secret", "trouble 135 secret"])
    expect(device.session.pending()).toBe(0)
    expect(taken(house)).toEqual(["open=x q2"])
  })

  test("why a subscription was not taken", () => {
    const house = new House({ policy: { subscribe: () => 0x87 } })
    expect(house.device().online().listen("t").seen()).toEqual(["trouble 135 t"])
  })

  test("why it sends us away", () => {
    const house = new House()
    const device = house.device().online()
    house.broker.kick("device", { code: 0x98, reason: "house is being painted" })
    expect(device.seen()).toEqual(["down 152"])
    expect(device.five.reasonString).toBe("house is being painted")
  })

  test("where to go instead, on a live connection and at the next one", () => {
    const house = new House()
    const device = house.device().online()
    house.broker.redirect("other.house:1884")
    expect(device.seen()).toEqual(["down 156"])
    expect(device.five.serverReference).toBe("other.house:1884")
    house.broker.redirect("far.house", true)
    expect(device.dial().seen()).toEqual(["down 157"])
    expect(device.five.serverReference).toBe("far.house")
    house.broker.redirect(undefined)
    expect(device.dial().seen()).toEqual(["up"])
    expect(device.five.serverReference).toBeUndefined()
  })

  test("that somebody else has our id", () => {
    const house = new House()
    const device = house.device().online()
    house.device().online()
    expect(device.seen()).toEqual(["down 142"])
  })
})

describe("a message", () => {
  test("travels with all that MQTT 5 can say of it, at every QoS", () => {
    const house = new House()
    const device = house.device().online()
    const properties = {
      expiryS: 100,
      contentType: "image/png",
      isUtf8: true,
      responseTopic: "answers",
      correlationData: "\0\xff,",
      userProperties: [
        ["a", "1"],
        ["a", "2"],
        ["", ""],
      ] as const,
    }
    const got: unknown[] = []
    device.hear(
      "t",
      (payload, _, packet) =>
        got.push([
          payload,
          message.messageExpiryS(packet),
          message.contentType(packet),
          message.isUtf8(packet),
          message.responseTopic(packet),
          message.correlationData(packet),
          [0, 1, 2, 3].map((nth) => message.userProperty(packet, nth)),
          message.subscriptionId(packet),
        ]),
      2,
      { id: 200 },
    )
    for (const qos of [0, 1, 2] as const) device.mqtt.topic("t", { qos, properties }).publish("x")
    device.seen()
    const pairs = [...properties.userProperties, undefined]
    expect(got).toEqual(Array(3).fill(["x", 100, "image/png", true, "answers", "\0\xff,", pairs, 200]))
  })

  test("without properties says so", () => {
    const house = new House()
    const device = house.device().online()
    const got: unknown[] = []
    device.hear("t", (_, __, packet) =>
      got.push(
        message.contentType(packet),
        message.isUtf8(packet),
        message.userProperty(packet),
        message.subscriptionId(packet),
      ),
    )
    device.mqtt.publish("t", "x")
    device.seen()
    expect(got).toEqual([undefined, false, undefined, undefined])
  })
})

test("CONNECT carries user properties, and CONNACK may be asked for its own", () => {
  const house = new House()
  const device = house.device({ options5: { userProperties: [["fw", "1.2"]] } }).online()
  expect(device.said("connect")[0]!.properties!.userProperties).toEqual({ fw: "1.2" })
  expect(device.five.announced(USER_PROPERTY)).toBeUndefined()
})
