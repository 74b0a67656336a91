import { describe, expect, test } from "vitest"
import { bench } from "./peer"

type Table = ReturnType<typeof bench>
const SECOND_US = 1_000_000
const withWill = (t: Table, willDelayInterval?: number, sessionExpiryInterval = 100) =>
  t.five({
    will: { topic: "w", payload: "gone", qos: 1, properties: { willDelayInterval } },
    properties: { sessionExpiryInterval },
  })
const wills = (t: Table) => t.broker.messages.map(({ atUs }) => atUs / SECOND_US)

describe("the will of 5.0", () => {
  test("without a delay at once", () => {
    const t = bench()
    withWill(t).vanish()
    expect(wills(t)).toEqual([0])
  })

  test("after its delay, from the end of the connection on", () => {
    const t = bench()
    const peer = withWill(t, 10)
    t.clock.advance(5 * SECOND_US)
    peer.vanish()
    t.clock.advance(1000 * SECOND_US)
    expect(wills(t)).toEqual([15])
  })

  test("[MQTT-3.1.3-9] not when the session is resumed before; the new connection has a will of its own, or none", () => {
    const t = bench()
    withWill(t, 10).vanish()
    t.clock.advance(9 * SECOND_US)
    const back = t.five()
    t.clock.advance(1000 * SECOND_US)
    back.vanish()
    t.clock.advance(1000 * SECOND_US)
    expect(wills(t)).toEqual([])
  })

  test("at the end of the session when that comes first: by expiry, or by a clean start", () => {
    const expired = bench()
    withWill(expired, 50, 20).vanish()
    expired.clock.advance(1000 * SECOND_US)
    expect(wills(expired)).toEqual([20])
    const cleaned = bench()
    withWill(cleaned, 50).vanish()
    cleaned.clock.advance(3 * SECOND_US)
    cleaned.five({ clean: true })
    expect(wills(cleaned)).toEqual([3])
    withWill(cleaned, 50, 0).vanish()
    expect(wills(cleaned)).toEqual([3, 3])
  })

  test("takeover: published without a delay, waits with one and is dropped as the session goes on", () => {
    const t = bench()
    withWill(t)
    withWill(t, 10)
    expect(wills(t)).toEqual([0])
    t.five()
    t.clock.advance(20 * SECOND_US)
    expect(wills(t)).toEqual([0])
  })

  test.each([
    [0x00, 0],
    [0x04, 1],
    [0x80, 1],
  ])("[MQTT-3.14.4-3] DISCONNECT with reason %i publishes %i", (reasonCode, count) => {
    const t = bench()
    const peer = withWill(t).send({ cmd: "disconnect", reasonCode })
    expect([wills(t).length, peer.isClosed]).toEqual([count, true])
  })

  test("carries its properties, and expires from its publication on", () => {
    const t = bench()
    const properties = {
      ...{ payloadFormatIndicator: true, messageExpiryInterval: 10, contentType: "text/plain", responseTopic: "r" },
      ...{ correlationData: Buffer.from([0, 255]), userProperties: { b: "1", a: ["2", "3"] } },
    }
    t.five({
      will: { topic: "w", payload: "x", retain: true, properties: { ...properties, willDelayInterval: 20 } },
    }).vanish()
    t.clock.advance(25 * SECOND_US)
    const heard = t.five({ clientId: "other" }).subscribe("w")
    expect(heard.properties).toEqual({ ...properties, messageExpiryInterval: 5 })
  })

  test("is told to its own session too, when that is kept", () => {
    const t = bench()
    withWill(t).subscribe("w", 1).vanish()
    expect(t.five().said).toEqual(["connack 0 present", "publish w q1 #1 gone"])
  })
})

test("a client that never got in has no will", () => {
  const t = bench({ policy: { connect: () => ({ code: 0x87 }) } })
  withWill(t)
  expect(t.broker.messages).toEqual([])
})
