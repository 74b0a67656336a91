import { describe, expect, test } from "vitest"
import { bench } from "./peer"

const SECOND_US = 1_000_000

describe("the broker ends a connection of 5.0 with a reason", () => {
  test("[MQTT-3.1.2-22] keep-alive: 0x8D after one and a half times", () => {
    const t = bench()
    const peer = t.five({ keepalive: 10 }).forget()
    t.clock.advance(15 * SECOND_US)
    expect([peer.said, peer.properties, peer.isClosed]).toEqual([
      ["disconnect 0x8d"],
      { reasonString: "keep-alive expired" },
      true,
    ])
  })

  test.each([
    [10, 15],
    [0, Infinity],
  ])("[MQTT-3.2.2-21] the server's keep-alive of %i s counts, not the client's", (serverKeepAliveS, endsAtS) => {
    const t = bench({ capabilities: { serverKeepAliveS } })
    const peer = t.five({ keepalive: 1 })
    expect(peer.properties.serverKeepAlive).toBe(serverKeepAliveS)
    t.clock.advance(14 * SECOND_US)
    expect(peer.isClosed).toBe(false)
    t.clock.advance(1000 * SECOND_US)
    expect(peer.isClosed).toBe(endsAtS < 1000)
    expect(t.peer({ clientId: "old", keepalive: 1 }).said).toEqual(["connack 0"]) // 3.1.1 cannot be told
  })

  test("[MQTT-3.1.4-3] taken over: 0x8E", () => {
    const t = bench()
    const first = t.five().forget()
    t.peer()
    expect([first.said, first.isClosed]).toEqual([["disconnect 0x8e"], true])
  })

  test("kicked: 0x98, or what the test says; the session stays, the will goes out", () => {
    const t = bench()
    const connect = () => t.five({ will: { topic: "w", payload: "" } })
    const first = connect().forget()
    t.broker.kick("peer")
    const second = connect()
    t.broker.kick("peer", { code: 0x96, reason: "too fast" })
    expect([first.said, second.said, second.properties]).toEqual([
      ["disconnect 0x98"],
      ["connack 0 present", "disconnect 0x96"],
      { reasonString: "too fast" },
    ])
    expect(t.broker.messages).toHaveLength(2)
    expect(t.reasons()).toEqual(["reason code 0x98", "too fast"])
    expect(() => t.broker.kick("peer")).toThrow('no client "peer" is connected; there are: none')
  })

  test("a 3.1.1 client that is kicked is closed", () => {
    const t = bench()
    const peer = t.peer().forget()
    t.broker.kick("peer")
    expect([peer.said, peer.isClosed]).toEqual([[], true])
  })

  test("shut down with a goodbye: 0x8B; without one as after a power cut", () => {
    const t = bench()
    const peer = t.five().forget()
    t.broker.stop({ goodbye: true })
    expect([peer.said, peer.isClosed]).toEqual([["disconnect 0x8b"], true])
    t.broker.start()
    const other = t.five().forget()
    t.broker.stop()
    expect([other.said, other.isClosed]).toEqual([[], true])
  })
})

describe("redirection", () => {
  test.each([
    [false, "0x9c"],
    [true, "0x9d"],
  ])("for good %s: who is there gets DISCONNECT, who comes CONNACK, %s with the server's name", (isForGood, code) => {
    const t = bench()
    const here = t.five().forget()
    t.broker.redirect("other:1883", isForGood)
    const coming = t.five()
    expect([here.said, here.properties.serverReference]).toEqual([[`disconnect ${code}`], "other:1883"])
    expect([coming.said, coming.properties.serverReference, coming.isClosed]).toEqual([
      [`connack ${code}`],
      "other:1883",
      true,
    ])
    expect(t.peer({ clientId: "old" }).said).toEqual(["connack 3"])
    t.broker.redirect(undefined)
    expect(t.five().said).toEqual(["connack 0 present"])
  })

  test("of one client, by kick or by policy", () => {
    const away = { code: 0x9c, serverReference: "b" }
    const t = bench({ policy: { connect: ({ clientId }) => (clientId === "moved" ? away : undefined) } })
    const peer = t.five().forget()
    t.broker.kick("peer", away)
    expect([peer.said, peer.properties.serverReference]).toEqual([["disconnect 0x9c"], "b"])
    expect(t.five({ clientId: "moved" }).said).toEqual(["connack 0x9c"])
    expect(t.five().said).toEqual(["connack 0 present"])
  })
})

test("kinds of packets can be kept back, as if they were lost", () => {
  const t = bench()
  const peer = t.five().subscribe("t", 1).forget()
  t.broker.muted.add("pingresp").add("puback").add("publish")
  peer.send({ cmd: "pingreq" }).publish("t", "x", { qos: 1 })
  expect([peer.said, t.broker.messages.length]).toEqual([[], 1])
  t.broker.muted.clear()
  peer.vanish()
  expect(t.five().said).toEqual(["connack 0 present", "publish t q1 #1 dup x"])
})

test("what happens is told in words that name the version", () => {
  const t = bench()
  t.five({ keepalive: 5 }).send({ cmd: "disconnect", reasonCode: 4 })
  t.five().send({ cmd: "disconnect", reasonCode: 0 })
  t.broker.returnCode = 3
  t.five()
  const told = t.events.map((event) => event.kind === "mqtt" && `${event.action} ${event.reason ?? ""}`)
  expect(told).toEqual([
    ...["connect MQTT 5, new session, keep-alive 5 s", "disconnect reason code 0x04"],
    ...["connect MQTT 5, kept session, keep-alive 0 s", "disconnect ", "refuse reason code 0x88"],
  ])
})

test("a connection that breaks inside a write takes no further message: the rest waits, never sent", () => {
  const t = bench()
  t.five().subscribe("t", 1).vanish()
  for (const text of ["a", "b", "c"]) t.broker.publish("t", text, { qos: 1 })
  // CONNECT, 5.0, id "peer", session expiry 60 s; the write after CONNACK breaks the connection
  const connect = Buffer.from("1016 0004 4d515454 05 00 0000 05 110000003c 0004 70656572".replace(/ /g, ""), "hex")
  let writes = 0
  const connection = t.broker.accept({
    ...{ peer: "breaking", close: () => undefined },
    write: () => void (++writes === 2 && connection.onStreamClosed("broken")),
  })
  connection.receive(connect)
  expect(t.five().said.slice(1)).toEqual(["publish t q1 #1 dup a", "publish t q1 #2 b", "publish t q1 #3 c"])
})
