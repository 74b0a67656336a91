import { describe, expect, test } from "vitest"
import { bench } from "./peer"

const SECOND_US = 1_000_000

describe("properties on their way through", () => {
  const properties = {
    ...{ payloadFormatIndicator: false, contentType: "application/cbor", responseTopic: "answers/é" },
    ...{ correlationData: Buffer.from([0, 1, 255]), userProperties: { a: "1" } },
  }

  test("[MQTT-3.3.2-4, -15 to -17, -20] arrive unaltered, and not the sender's alias", () => {
    const t = bench()
    const peer = t.five().subscribe("t", 1).forget()
    t.five({ clientId: "s" }).publish("t", "x", { qos: 1, properties: { ...properties, topicAlias: 3 } })
    expect(peer.properties).toEqual(properties)
  })

  test("[MQTT-3.3.2-18] user properties arrive in their order, repetitions included", () => {
    const t = bench()
    const peer = t.five().subscribe("t").forget()
    const pairs = ["a=1", "10=x", "b=2", "a=3", "2=y", "a=", "=e"].map((text) => text.split("="))
    const text = (value: string) => [0, value.length, ...Buffer.from(value)]
    const block = pairs.flatMap(([name, value]) => [0x26, ...text(name), ...text(value)])
    const body = [...text("t"), block.length, ...block, 120]
    t.five({ clientId: "s" }).raw([0x30, body.length, ...body])
    expect([...peer.written[0]]).toEqual([0x30, body.length, ...body])
    expect(t.broker.messages[0].properties).toEqual({ userProperties: pairs })
  })

  test("are plain data in the house, and absent where there are none", () => {
    const t = bench()
    t.five().publish("t", "x", { properties }).publish("t", "y")
    t.peer({ clientId: "old" }).publish("t", "z")
    const [first, ...others] = t.broker.messages
    expect(JSON.parse(JSON.stringify(first.properties))).toEqual({
      ...{ payloadFormatIndicator: false, contentType: "application/cbor", responseTopic: "answers/é" },
      ...{ correlationData: "\0\x01\xff", userProperties: [["a", "1"]] },
    })
    expect(others.map((message) => "properties" in message)).toEqual([false, false])
  })

  test("can be the house's own", () => {
    const t = bench()
    const peer = t.five().subscribe("t")
    t.broker.publish("t", "x", { properties: { correlationData: "\xff", userProperties: [["a", "b"]] } })
    expect(peer.properties).toEqual({ correlationData: Buffer.from([255]), userProperties: { a: "b" } })
  })
})

describe("message expiry", () => {
  const post = (t: ReturnType<typeof bench>, messageExpiryInterval: number, payload = "x") =>
    t.five({ clientId: "s" }).publish("t", payload, { qos: 1, properties: { messageExpiryInterval } })

  test("[MQTT-3.3.2-6] counts down while a message waits for its client", () => {
    const t = bench()
    t.five().subscribe("t", 1).vanish()
    post(t, 10)
    t.clock.advance(3.5 * SECOND_US)
    expect(t.five().properties).toEqual({ messageExpiryInterval: 7 })
  })

  test("[MQTT-3.3.2-5] and takes it away before it was ever sent", () => {
    const t = bench()
    t.five().subscribe("t", 1).vanish()
    post(t, 10)
    post(t, 20, "y")
    t.clock.advance(10 * SECOND_US)
    expect(t.five().said.slice(1)).toEqual(["publish t q1 #1 y"])
  })

  test("counts while the receive maximum holds a message back", () => {
    const t = bench()
    const peer = t.five({ properties: { receiveMaximum: 1 } }).subscribe("t", 1)
    post(t, 10, "a")
    post(t, 10, "b")
    post(t, 20, "c")
    t.clock.advance(15 * SECOND_US)
    peer.answer("puback", 1)
    expect([peer.said.at(-1), peer.properties]).toEqual(["publish t q1 #2 c", { messageExpiryInterval: 5 }])
  })

  test("what was sent is sent again however late: the other end may have it", () => {
    const t = bench()
    const peer = t.five().subscribe("t", 1)
    post(t, 10)
    peer.vanish()
    t.clock.advance(15 * SECOND_US)
    const again = t.five()
    expect([again.said.at(-1), again.properties]).toEqual(["publish t q1 #1 dup x", { messageExpiryInterval: 0 }])
  })

  test("of 0 reaches who is there, and nobody later", () => {
    const t = bench()
    const peer = t.five().subscribe("t", 1)
    t.five({ clientId: "away" }).subscribe("t", 1).vanish()
    post(t, 0)
    expect(peer.said.at(-1)).toBe("publish t q1 #1 x")
    t.clock.advance(1)
    expect(t.five({ clientId: "away" }).said).toHaveLength(1)
  })
})
