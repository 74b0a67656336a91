import { expect, test } from "vitest"
import { bench } from "./peer"

const SECOND_US = 1_000_000

test("expires: it is told with the time that is left, and then is gone [MQTT-3.3.2-5, -6]", () => {
  const t = bench()
  t.five({ clientId: "s" }).publish("t", "x", { retain: true, properties: { messageExpiryInterval: 10 } })
  t.clock.advance(9_999_999)
  expect(t.five().subscribe("t").properties).toEqual({ messageExpiryInterval: 1 })
  t.clock.advance(1)
  expect([t.broker.retained.size, t.broker.retained.get("t")]).toEqual([0, undefined])
  expect(t.five({ clientId: "late" }).subscribe("t").said).toHaveLength(2)
})

test("a newer one without expiry stays", () => {
  const t = bench()
  t.broker.publish("t", "x", { retain: true, properties: { messageExpiryIntervalS: 1 } })
  t.broker.publish("t", "y", { retain: true })
  t.clock.advance(100 * SECOND_US)
  expect(t.broker.retained.get("t")?.payload).toBe("y")
})

test("keeps the sender's properties, and tells a sender its own with No Local only to others", () => {
  const t = bench()
  const sender = t.five({ clientId: "s" }).publish("t", "x", { retain: true, properties: { contentType: "c" } })
  expect(t.five().subscribe("t").properties).toEqual({ contentType: "c" })
  expect(sender.subscribe("t", 0, { nl: true }).said.at(-1)).toBe("suback 0")
})

test("can be forgotten", () => {
  const t = bench()
  t.broker.publish("t", "x", { retain: true })
  t.broker.forgetRetained()
  expect(t.five().subscribe("t").said).toHaveLength(2)
})
