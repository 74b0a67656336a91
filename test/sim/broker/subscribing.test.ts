import type { Packet } from "mqtt-packet"
import { describe, expect, test } from "vitest"
import { bench } from "./peer"

const subscribe = (...topics: string[]): Packet => ({
  cmd: "subscribe",
  messageId: 1,
  subscriptions: topics.map((topic) => ({ topic, qos: 2 })),
})
const codes = (...list: number[]) => `suback ${list.join()}`

describe("SUBACK", () => {
  test("tells each filter's QoS or why there is none; 3.1.1 knows only 0x80", () => {
    const options = {
      policy: { subscribe: (filter: string) => (filter === "full" ? 0x97 : 0) },
      capabilities: { maximumQos: 1 },
    } as const
    const wishes = subscribe("ok", "a/#/b", "secret", "full", "$share//t", "$share/g")
    const t = bench(options)
    t.broker.refusedFilters.add("secret")
    const five = t.five().send(wishes)
    expect(five.said.at(-1)).toBe(codes(1, 0x8f, 0x87, 0x97, 0x8f, 0x8f))
    expect(five.properties.reasonString).toBe("not every filter was granted")
    expect(t.peer().send(wishes).said.at(-1)).toBe(codes(1, 0x80, 0x80, 0x80, 0x80, 0x80))
  })

  test("what is not available has codes of its own", () => {
    const t = bench({ capabilities: { wildcards: false, sharedSubscriptions: false, subscriptionIds: false } })
    const peer = t.five().send(subscribe("a", "a/+", "$share/g/a"))
    expect(peer.said.at(-1)).toBe(codes(2, 0xa2, 0x9e))
    expect(peer.subscribe("a", 0, { id: 7 }).said.at(-1)).toBe(codes(0xa1))
  })

  test("the same filter again replaces the subscription, QoS and options and id", () => {
    const t = bench()
    const peer = t.five().subscribe("t", 2, { id: 1, nl: true }).subscribe("t", 1, { id: 2 }).forget()
    peer.publish("t", "x", { qos: 2 })
    expect([peer.said[0], peer.heard[0]]).toMatchObject([
      "publish t q1 #1 x",
      { properties: { subscriptionIdentifier: 2 } },
    ])
  })
})

describe("UNSUBACK of 5.0", () => {
  test("0x00 where there was a subscription, 0x11 where none, 0x8F where there could be none", () => {
    const peer = bench().five().subscribe("a").subscribe("$share/g/a")
    peer.send({ cmd: "unsubscribe", messageId: 3, unsubscriptions: ["a", "$share/g/a", "b", "a/#/b"] })
    expect(peer.said.at(-1)).toBe(`unsuback #3 ${[0, 0, 0x11, 0x8f].join()}`)
  })
})

describe("subscription options", () => {
  test("[MQTT-3.8.3-3] No Local: not to whoever published, by client id", () => {
    const t = bench()
    const peer = t.five().subscribe("t", 0, { nl: true }).forget().publish("t", "mine")
    t.five({ clientId: "other" }).publish("t", "other's")
    expect(peer.said).toEqual(["publish t q0 other's"])
  })

  test("with another filter that matches the same message, its own option counts", () => {
    const peer = bench().five().subscribe("t", 0, { nl: true }).subscribe("+", 0).forget().publish("t", "x")
    expect(peer.said).toEqual(["publish t q0 x"])
  })

  test("[MQTT-3.3.1-12, -13] Retain As Published keeps the flag, without it the flag is cleared", () => {
    const t = bench()
    const plain = t.five({ clientId: "plain" }).subscribe("t").forget()
    const keeping = t.five({ clientId: "keeping" }).subscribe("t", 0, { rap: true }).forget()
    t.broker.publish("t", "x", { retain: true })
    t.broker.publish("t", "y")
    expect(plain.said).toEqual(["publish t q0 x", "publish t q0 y"])
    expect(keeping.said).toEqual(["publish t q0 retain x", "publish t q0 y"])
  })

  test.each([
    [0, ["retain x", "retain x"]],
    [1, ["retain x"]],
    [2, []],
  ])("[MQTT-3.3.1-9 to -11] Retain Handling %i, for a new subscription and the same again", (rh, expected) => {
    const t = bench()
    t.broker.publish("t", "x", { retain: true })
    const peer = t.five().subscribe("t", 0, { rh }).subscribe("t", 0, { rh })
    expect(peer.said.filter((text) => text.startsWith("publish"))).toEqual(
      expected.map((text) => `publish t q0 ${text}`),
    )
  })

  test("[MQTT-3.8.3-4] No Local on a shared subscription is a protocol error", () => {
    expect(bench().five().forget().subscribe("$share/g/t", 0, { nl: true }).said).toEqual(["disconnect 0x82"])
  })
})

describe("subscription identifiers", () => {
  test("[MQTT-3.3.4-3, -4] one copy has those of all filters that match, at the highest QoS", () => {
    const t = bench()
    const peer = t
      .five()
      .subscribe("a/b", 0, { id: 1 })
      .subscribe("a/+", 2, { id: 268_435_455 })
      .subscribe("#", 1)
      .forget()
    t.broker.publish("a/b", "x", { qos: 2 })
    expect(peer.said).toEqual(["publish a/b q2 #1 x"])
    expect(peer.properties.subscriptionIdentifier).toEqual([1, 268_435_455])
  })

  test("[MQTT-3.3.4-5] or one copy each, with its own QoS and id", () => {
    const t = bench({ capabilities: { overlap: "each" } })
    const peer = t.five().subscribe("a", 0, { id: 1 }).subscribe("#", 1, { id: 2 }).forget()
    t.broker.publish("a", "x", { qos: 1 })
    expect(peer.said).toEqual(["publish a q0 x", "publish a q1 #1 x"])
    expect(peer.heard.map((packet) => (packet as never as { properties: unknown }).properties)).toEqual([
      { subscriptionIdentifier: 1 },
      { subscriptionIdentifier: 2 },
    ])
  })

  test("stand on retained messages and on resends, and are unknown to 3.1.1", () => {
    const t = bench()
    t.broker.publish("t", "x", { retain: true, qos: 1 })
    const peer = t.five().subscribe("t", 1, { id: 9 })
    expect(peer.properties).toEqual({ subscriptionIdentifier: 9 })
    peer.vanish()
    const resumed = t.five()
    expect([resumed.said.at(-1), resumed.properties]).toEqual([
      "publish t q1 #1 dup retain x",
      { subscriptionIdentifier: 9 },
    ])
    resumed.vanish()
    expect(t.peer({ clean: false }).said.at(-1)).toBe("publish t q1 #1 dup retain x")
  })
})
