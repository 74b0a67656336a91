import { describe, expect, test } from "vitest"
import { OutboundAliases } from "../../../sim/broker/outbound-aliases"
import { bench } from "./peer"

const connect = (t: ReturnType<typeof bench>, topicAliasMaximum: number) =>
  t.five({ properties: { topicAliasMaximum } }).subscribe("#", 1)

describe("towards a client", () => {
  test("[MQTT-3.1.2-27] none when it allows none", () => {
    const t = bench()
    const peer = connect(t, 0).forget()
    t.broker.publish("a", "1")
    t.broker.publish("a", "2")
    expect(peer.said).toEqual(["publish a q0 1", "publish a q0 2"])
  })

  test("the topic once, then its alias alone; when all are taken the oldest is set anew", () => {
    const t = bench()
    const peer = connect(t, 2).forget()
    for (const topic of ["a", "b", "a", "b", "c", "b", "a"]) t.broker.publish(topic, "")
    expect(peer.said.map((text) => text.split(" ")[1])).toEqual(["a@1", "b@2", "@1", "@2", "c@1", "@2", "a@2"])
  })

  test("a resend on a new connection has its topic", () => {
    const t = bench()
    const peer = connect(t, 1)
    t.broker.publish("a", "1", { qos: 1 })
    t.broker.publish("a", "2", { qos: 1 })
    peer.vanish()
    const again = t.five({ properties: { topicAliasMaximum: 1 } })
    expect(again.said.slice(1)).toEqual(["publish a@1 q1 #1 dup 1", "publish @1 q1 #2 dup 2"])
  })

  test("a packet too large to send sets no alias", () => {
    const t = bench()
    const peer = t
      .five({ properties: { topicAliasMaximum: 5, maximumPacketSize: 30 } })
      .subscribe("#")
      .forget()
    t.broker.publish("a", "x".repeat(30))
    t.broker.publish("a", "y")
    expect(peer.said).toEqual(["publish a@1 q0 y"])
  })
})

test("what was not kept is offered again", () => {
  const aliases = new OutboundAliases(1)
  expect([aliases.wordingOf("a"), aliases.wordingOf("b")]).toEqual([
    { topic: "a", topicAlias: 1 },
    { topic: "b", topicAlias: 1 },
  ])
  aliases.keep("b")
  expect(aliases.wordingOf("b")).toEqual({ topic: "", topicAlias: 1 })
})
