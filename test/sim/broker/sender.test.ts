import { describe, expect, test } from "vitest"
import { bench } from "./peer"
import type { Peer } from "./peer"

type Table = ReturnType<typeof bench>
const post = (t: Table, ...payloads: string[]) => payloads.forEach((text) => t.broker.publish("t", text, { qos: 2 }))

describe("QoS 2 to a client", () => {
  test.each([4, 5] as const)("level %i: PUBREL answers PUBREC, PUBCOMP ends it, and the id is free", (level) => {
    const t = bench()
    const peer = t.peer({ protocolVersion: level }).subscribe("t", 2).forget()
    post(t, "x")
    peer.answer("pubrec", 1).answer("pubcomp", 1)
    expect(peer.said).toEqual(["publish t q2 #1 x", "pubrel #1"])
    expect(t.events.filter((event) => event.kind === "mqtt" && event.action === "ack")).toHaveLength(1)
  })

  test.each([4, 5] as const)(
    "level %i: on resume PUBRELs in the order of the PUBRECs, then DUPs in order, then the rest",
    (level) => {
      const t = bench()
      const connect = () => t.peer({ protocolVersion: level, clean: false })
      const peer = connect().subscribe("t", 2)
      post(t, "a", "b", "c", "d")
      peer.answer("pubrec", 3).answer("pubrec", 1).vanish()
      post(t, "e")
      const resumed = connect()
      expect(resumed.said).toEqual([
        ...["connack 0 present", "pubrel #3", "pubrel #1"],
        ...["publish t q2 #2 dup b", "publish t q2 #4 dup d", "publish t q2 #5 e"],
      ])
      resumed.answer("pubcomp", 3).answer("pubcomp", 1).answer("pubrec", 2).vanish()
      expect(connect().said.slice(1)).toEqual(["pubrel #2", "publish t q2 #4 dup d", "publish t q2 #5 dup e"])
    },
  )

  test("a second PUBREC is answered again; after PUBCOMP it is unknown, 0x92", () => {
    const t = bench()
    const peer = t.five().subscribe("t", 2).forget()
    post(t, "x")
    peer.answer("pubrec", 1).answer("pubrec", 1).answer("pubcomp", 1).answer("pubrec", 1).answer("pubcomp", 1)
    expect(peer.said.slice(1)).toEqual(["pubrel #1", "pubrel #1", "pubrel #1 0x92"])
    expect(peer.isClosed).toBe(false)
  })

  test("[MQTT-4.3.3-4] a failing PUBREC ends it without PUBREL; a failing PUBACK ends QoS 1", () => {
    const t = bench()
    const peer = t.five().subscribe("t", 2).forget()
    post(t, "x")
    t.broker.publish("t", "y", { qos: 1 })
    peer.answer("pubrec", 1, 0x97).answer("puback", 2, 0x87).vanish()
    expect(peer.said).toHaveLength(2)
    expect(t.five().said).toEqual(["connack 0 present"])
  })

  test.each([
    ["PUBACK for QoS 2", "puback", 1],
    ["PUBREC for QoS 1", "pubrec", 2],
    ["PUBCOMP without PUBREC", "pubcomp", 1],
  ] as const)("%s is a protocol error", (_, cmd, id) => {
    const t = bench()
    const peer = t.five().subscribe("t", 2)
    post(t, "x")
    t.broker.publish("t", "y", { qos: 1 })
    expect(peer.forget().answer(cmd, id).said).toEqual(["disconnect 0x82"])
  })
})

test("[MQTT-2.2.1-4] ids skip what is in flight when they come round", () => {
  const t = bench()
  const peer = t.five().subscribe("t", 1)
  t.broker.publish("t", "kept", { qos: 1 })
  for (let id = 2; id <= 65_535; id++) {
    t.broker.publish("t", "", { qos: 1 })
    peer.answer("puback", id)
  }
  peer.forget()
  t.broker.publish("t", "next", { qos: 1 })
  expect(peer.said).toEqual(["publish t q1 #2 next"])
})

describe("the client's receive maximum", () => {
  const narrow = (t: Table, receiveMaximum: number) => t.five({ properties: { receiveMaximum } })
  const ids = (peer: Peer) => peer.heard.filter(({ cmd }) => cmd === "publish").map(({ messageId }) => messageId)

  test("[MQTT-3.3.4-9] no more than so many unacknowledged; QoS 0 and answers go on", () => {
    const t = bench()
    const peer = narrow(t, 2).subscribe("t", 2).forget()
    post(t, "a", "b", "c", "d")
    t.broker.publish("t", "zero")
    expect(peer.said).toEqual(["publish t q2 #1 a", "publish t q2 #2 b", "publish t q0 zero"])
    peer.answer("pubrec", 1)
    expect(ids(peer)).toEqual([1, 2, undefined]) // PUBREC alone gives no room
    peer.answer("pubcomp", 1)
    expect(ids(peer)).toEqual([1, 2, undefined, 3])
    peer.answer("pubrec", 2, 0x80)
    expect(ids(peer)).toEqual([1, 2, undefined, 3, 4])
  })

  test("[MQTT-4.9.0-1] begins anew with each connection, resends included, and may be lower then", () => {
    const t = bench()
    const peer = narrow(t, 3).subscribe("t", 1)
    for (const text of ["a", "b", "c", "d"]) t.broker.publish("t", text, { qos: 1 })
    peer.vanish()
    const again = narrow(t, 1)
    expect(again.said.slice(1)).toEqual(["publish t q1 #1 dup a"])
    for (const id of [1, 2, 3]) again.answer("puback", id)
    expect(again.said.slice(2)).toEqual(["publish t q1 #2 dup b", "publish t q1 #3 dup c", "publish t q1 #4 d"])
  })

  test("PUBCOMP for an earlier connection's PUBREL gives no more than there was", () => {
    const t = bench()
    const peer = narrow(t, 1).subscribe("t", 2)
    post(t, "a", "b", "c")
    peer.answer("pubrec", 1).vanish()
    const again = narrow(t, 1)
    expect(again.said.slice(1)).toEqual(["pubrel #1", "publish t q2 #2 b"])
    again.vanish()
    const third = narrow(t, 2).answer("pubcomp", 1)
    expect(ids(third)).toEqual([2, 3])
    post(t, "d")
    expect(ids(third)).toEqual([2, 3])
  })
})

test("a full queue drops the newest, once what expired is out of the way", () => {
  const t = bench({ capabilities: { queueMaximum: 2 } })
  t.five().subscribe("t", 1).vanish()
  const post = (text: string, messageExpiryIntervalS?: number) =>
    t.broker.publish("t", text, { qos: 1, properties: messageExpiryIntervalS ? { messageExpiryIntervalS } : undefined })
  post("a", 1)
  post("b")
  post("lost")
  t.clock.advance(1_000_000)
  post("c")
  expect(t.five().said.slice(1)).toEqual(["publish t q1 #1 b", "publish t q1 #2 c"])
})
