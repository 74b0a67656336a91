import { describe, expect, test } from "vitest"
import { NEVER_S } from "../../../sim/broker/session"
import { HOUR_S, bench } from "./peer"

type Table = ReturnType<typeof bench>
const expiring = (t: Table, sessionExpiryInterval?: number, clean = false) =>
  t.five({ clean, properties: { sessionExpiryInterval } })
const isPresent = (t: Table) => expiring(t, HOUR_S).said[0] === "connack 0 present"
const SECOND_US = 1_000_000

describe("session expiry", () => {
  test("begins when the connection ends, and ends the session on the second", () => {
    for (const [waitUs, present] of [
      [60 * SECOND_US - 1, true],
      [60 * SECOND_US, false],
    ] as const) {
      const t = bench()
      const peer = expiring(t, 60)
      t.clock.advance(1000 * SECOND_US)
      peer.vanish()
      t.clock.advance(waitUs)
      expect(isPresent(t)).toBe(present)
    }
  })

  test("absent or 0 it ends with the connection; 0xFFFFFFFF it never does", () => {
    const t = bench()
    expiring(t, 0).vanish()
    expect(t.broker.sessions.size).toBe(0)
    expiring(t, undefined).vanish()
    expect(t.broker.sessions.size).toBe(0)
    expiring(t, NEVER_S).vanish()
    t.clock.advance(100 * 365 * 24 * HOUR_S * SECOND_US)
    expect(isPresent(t)).toBe(true)
  })

  test("coming back stops it, and what the new CONNECT says counts", () => {
    const t = bench()
    expiring(t, 10).vanish()
    t.clock.advance(9 * SECOND_US)
    const peer = expiring(t, 20)
    t.clock.advance(100 * SECOND_US)
    peer.vanish()
    t.clock.advance(19 * SECOND_US)
    expect(isPresent(t)).toBe(true)
  })

  test("DISCONNECT may change it, and take it to 0", () => {
    const t = bench()
    const leave = (sessionExpiryInterval: number) =>
      expiring(t, 10).send({ cmd: "disconnect", reasonCode: 0, properties: { sessionExpiryInterval } })
    leave(30)
    t.clock.advance(29 * SECOND_US)
    expect(t.broker.sessions.size).toBe(1)
    leave(0)
    expect(t.broker.sessions.size).toBe(0)
  })

  test("but not begin it where CONNECT said 0: a protocol error", () => {
    const peer = expiring(bench(), 0).forget()
    peer.send({ cmd: "disconnect", reasonCode: 0, properties: { sessionExpiryInterval: 5 } })
    expect(peer.said).toEqual(["disconnect 0x82"])
  })
})

describe("clean start", () => {
  test("[MQTT-3.1.2-4] forgets subscriptions, queue and ids; the new session may be kept all the same", () => {
    const t = bench()
    expiring(t, 60).subscribe("t", 1).vanish()
    t.broker.publish("t", "x", { qos: 1 })
    const clean = expiring(t, 60, true)
    t.broker.publish("t", "y", { qos: 1 })
    expect(clean.said).toEqual(["connack 0"])
    clean.vanish()
    expect(isPresent(t)).toBe(true)
  })

  test("[MQTT-3.1.2-5] without it subscriptions with all their options go on", () => {
    const t = bench()
    expiring(t, 60).subscribe("t", 1, { nl: true, rap: true, id: 4 }).vanish()
    const peer = expiring(t, 60).publish("t", "mine")
    t.broker.publish("t", "x", { qos: 1, retain: true })
    expect(peer.said).toEqual(["connack 0 present", "publish t q1 #1 retain x"])
    expect(peer.properties).toEqual({ subscriptionIdentifier: 4 })
  })
})

test("a session goes from 3.1.1 to 5.0 and back", () => {
  const t = bench()
  t.peer({ clean: false }).subscribe("t", 1).vanish()
  t.broker.publish("t", "x", { qos: 1, properties: { contentType: "c" } })
  const five = expiring(t, HOUR_S)
  expect([five.said, five.properties]).toEqual([["connack 0 present", "publish t q1 #1 x"], { contentType: "c" }])
  five.vanish()
  expect(t.peer({ clean: false }).said).toEqual(["connack 0 present", "publish t q1 #1 dup x"])
})

test("forgetting loses who is away at once, and who is connected with the connection", () => {
  const t = bench()
  t.five({ clientId: "away", will: { topic: "w", payload: "", properties: { willDelayInterval: 9 } } }).vanish()
  const here = t.five().subscribe("t")
  t.broker.forgetSessions()
  expect([...t.broker.sessions].map(({ clientId }) => clientId)).toEqual(["peer"])
  t.broker.publish("t", "x")
  expect(here.said.at(-1)).toBe("publish t q0 x")
  here.vanish()
  t.clock.advance(HOUR_S * SECOND_US)
  expect([t.broker.sessions.size, t.broker.messages.length]).toEqual([0, 1]) // and no will of the forgotten
})
