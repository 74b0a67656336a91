import type { Packet } from "mqtt-packet"
import { describe, expect, test } from "vitest"
import { bench } from "./peer"

describe("the client's maximum packet size", () => {
  const narrow = (t: ReturnType<typeof bench>, maximumPacketSize: number) =>
    t.five({ properties: { maximumPacketSize } })

  test("[MQTT-3.1.2-24, -25] a larger message is dropped as if it had been delivered, at every QoS", () => {
    const t = bench()
    const peer = narrow(t, 30).subscribe("t", 2).forget()
    for (const qos of [0, 1, 2] as const) t.broker.publish("t", "x".repeat(40), { qos })
    for (const qos of [0, 1, 2] as const) t.broker.publish("t", "y", { qos })
    expect(peer.said.map((text) => text.replace(/#\d/, "#"))).toEqual([
      ...["publish t q0 y", "publish t q1 # y", "publish t q2 # y"],
    ])
    peer.vanish()
    expect(
      t
        .five()
        .said.slice(1)
        .every((text) => text.endsWith("y")),
    ).toBe(true)
  })

  test("it gives its place in the receive maximum back", () => {
    const t = bench()
    const peer = t.five({ properties: { maximumPacketSize: 30, receiveMaximum: 1 } }).subscribe("t", 1)
    for (const text of ["x".repeat(40), "y"]) t.broker.publish("t", text, { qos: 1 })
    expect(peer.said.at(-1)).toMatch(/ y$/)
  })

  test("exactly as long is sent; of a shared packet properties count", () => {
    const t = bench()
    const peer = narrow(t, 20).subscribe("t").forget()
    t.broker.publish("t", "x".repeat(14)) // 1 + 1 + 3 + 1 + 14
    t.broker.publish("t", "x".repeat(15))
    t.broker.publish("t", "x".repeat(10), { properties: { contentType: "c" } })
    t.broker.publish("t", "x".repeat(11), { properties: { contentType: "c" } })
    expect(peer.written.map((bytes) => bytes.length)).toEqual([20, 20])
  })

  test("[MQTT-3.14.2-3] explanations are left out before an answer is", () => {
    const t = bench()
    const peer = narrow(t, 20).forget()
    t.broker.kick("peer", { code: 0x98, reason: "a long explanation of the reason" })
    expect([peer.said, peer.properties]).toEqual([["disconnect 0x98"], {}])
  })
})

describe("the broker's maximum packet size", () => {
  test("one byte more ends the connection with 0x95 before the packet has come", () => {
    const t = bench({ capabilities: { maximumPacketSize: 40 } })
    const packet: Packet = { cmd: "publish", topic: "t", payload: "", qos: 0, retain: false, dup: false }
    const peer = t.five().forget()
    peer.send({ ...packet, payload: "x".repeat(34) })
    expect(t.broker.messages).toHaveLength(1)
    peer.raw([0x30, 39])
    expect([peer.said, peer.isClosed]).toEqual([["disconnect 0x95"], true])
  })
})

describe("problem information", () => {
  test("[MQTT-3.1.2-29] asked not to, the broker explains in CONNACK and DISCONNECT only", () => {
    const t = bench({ policy: { publish: () => 0x87 } })
    const peer = t.five({ properties: { requestProblemInformation: false } })
    peer.publish("t", "x", { qos: 1 })
    expect([peer.said.at(-1), peer.properties]).toEqual(["puback #5 0x87", {}])
    peer.publish("a/#", "x")
    expect(peer.properties).toEqual({ reasonString: 'PUBLISH to "a/#"' })
  })
})

test("user properties of a message are no problem information", () => {
  const t = bench()
  const peer = t.five({ properties: { requestProblemInformation: false } }).subscribe("t")
  t.broker.publish("t", "x", { properties: { userProperties: [["a", "b"]] } })
  expect(peer.properties).toEqual({ userProperties: { a: "b" } })
})
