import type { Packet } from "mqtt-packet"
import { describe, expect, test } from "vitest"
import { bench } from "./peer"
import type { Peer } from "./peer"

const payloads = (peer: Peer) => peer.heard.flatMap((p) => (p.cmd === "publish" ? [p.payload.toString()] : []))
type Table = ReturnType<typeof bench>
const member = (t: Table, clientId: string, filter = "$share/g/t/+", qos: 0 | 1 | 2 = 1) =>
  t.five({ clientId }).subscribe(filter, qos)
const post = (t: Table, list: string[], qos: 0 | 1 | 2 = 1) =>
  list.forEach((text) => t.broker.publish("t/x", text, { qos }))

describe("a shared subscription", () => {
  test("gives each message to one member, in turns", () => {
    const t = bench()
    const [a, b] = [member(t, "a"), member(t, "b")]
    post(t, ["1", "2", "3", "4"], 0)
    expect([payloads(a), payloads(b)]).toEqual([
      ["1", "3"],
      ["2", "4"],
    ])
  })

  test("of each group, and beside a subscription of one's own", () => {
    const t = bench()
    const a = member(t, "a", "$share/g/#").subscribe("$share/h/t/x", 1).subscribe("t/x", 0)
    post(t, ["1"])
    expect(a.said.slice(-3).sort()).toEqual(["publish t/x q0 1", "publish t/x q1 #1 1", "publish t/x q1 #2 1"])
  })

  test("counts as a subscriber for PUBACK, and goes at the member's QoS", () => {
    const t = bench()
    const [zero, two] = [member(t, "zero", "$share/g/t/+", 0), member(t, "two", "$share/g/t/+", 2)]
    const sender = t.five({ clientId: "sender" }).forget()
    for (const messageId of [1, 2]) sender.publish("t/x", "m", { qos: 1, messageId })
    expect(sender.said).toEqual(["puback #1", "puback #2"])
    expect([zero.said.at(-1), two.said.at(-1)]).toEqual(["publish t/x q0 m", "publish t/x q1 #1 m"])
  })

  test("gets no retained messages when it begins", () => {
    const t = bench()
    post(t, ["live"])
    t.broker.publish("t/x", "kept", { retain: true })
    expect(payloads(member(t, "a"))).toEqual([])
  })

  test("has subscription identifiers and Retain As Published", () => {
    const t = bench()
    const a = t.five().subscribe("$share/g/t", 0, { id: 3, rap: true })
    t.broker.publish("t", "x", { retain: true })
    expect([a.said.at(-1), a.properties]).toEqual(["publish t q0 retain x", { subscriptionIdentifier: 3 }])
  })

  test("is there for 3.1.1 clients too", () => {
    const t = bench()
    const a = t.peer().subscribe("$share/g/t/+", 1)
    post(t, ["x"])
    expect(a.said.at(-1)).toBe("publish t/x q1 #1 x")
  })
})

describe("members that come and go", () => {
  test("who is connected takes it; when nobody is, a session keeps it", () => {
    const t = bench()
    const [a, b] = [member(t, "a"), member(t, "b")]
    a.vanish()
    post(t, ["1", "2"])
    expect(payloads(b)).toEqual(["1", "2"])
    for (const id of [1, 2]) b.answer("puback", id)
    b.vanish()
    post(t, ["3", "4"])
    const both = ["a", "b"].map((clientId) => payloads(t.five({ clientId })))
    expect(both.flat().sort()).toEqual(["3", "4"])
  })

  test("UNSUBSCRIBE leaves the group, and the last one ends it", () => {
    const t = bench()
    const [a, b] = [member(t, "a"), member(t, "b")]
    const leave: Packet = { cmd: "unsubscribe", messageId: 1, unsubscriptions: ["$share/g/t/+"] }
    a.send(leave)
    post(t, ["1", "2"])
    expect([payloads(a), payloads(b)]).toEqual([[], ["1", "2"]])
    b.send(leave)
    post(t, ["3"])
    expect(payloads(b)).toEqual(["1", "2"])
  })

  test("a session that ends hands on what it had not acknowledged, except QoS 2 that was begun [MQTT-4.8.2-5]", () => {
    const t = bench()
    const a = member(t, "a", "$share/g/t/+", 2)
    post(t, ["one"], 1)
    post(t, ["two"], 2)
    const b = member(t, "b", "$share/g/t/+", 2)
    a.send({ cmd: "disconnect", reasonCode: 0, properties: { sessionExpiryInterval: 0 } })
    expect(b.said.at(-1)).toBe("publish t/x q1 #1 one")
    expect(payloads(b)).toEqual(["one"])
  })

  test("[MQTT-4.8.2-6] what a member refuses goes to no other", () => {
    const t = bench()
    const [a, b] = [member(t, "a"), member(t, "b")]
    post(t, ["x"])
    a.answer("puback", 1, 0x80)
    expect(payloads(b)).toEqual([])
  })
})
