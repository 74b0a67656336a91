import { describe, expect, test } from "vitest"
import type { Home } from "./home"
import { fixtureBundle, homeOnline, home, specOf, untilOnline } from "./home"

/** A house with one board that speaks MQTT 5 (programs/five.ts), not yet online; `prepare` sets the broker up. */
async function five(prepare: (h: Home) => void = () => undefined): Promise<Home> {
  const spec = await specOf("climate", { name: "five", bundle: await fixtureBundle("five"), parts: [] })
  const h = await home({ change: () => [{ ...spec, record: { ...spec.record!, id: "five", s: {} } }] })
  prepare(h)
  return h
}

async function fiveOnline(prepare?: (h: Home) => void): Promise<Home> {
  const h = await five(prepare)
  await untilOnline(h)
  return h
}

const ticks = (h: Home) => h.house.broker.messages.filter(({ topic }) => topic === "five/ticks")

describe("a program that speaks MQTT 5, with the broker inside", () => {
  test("is online, and its messages arrive with their properties, whether the topic is spelt out or an alias", async () => {
    const h = await fiveOnline()
    await h.house.advance("35s")
    expect(h.logs("five")).toEqual(["wifi: connected", "mqtt: online"])
    expect(ticks(h).map(({ payload, properties }) => [payload, properties])).toEqual(
      ["2", "3", "4"].map((count) => [count, { contentType: "text/plain" }]),
    )
  })

  test("answers a request with what correlates", async () => {
    const h = await fiveOnline()
    const properties = { contentType: "text/x", responseTopic: "answers/7", correlationData: "\x00\xff" }
    h.house.broker.publish("five/ask", "ready", { qos: 1, properties })
    await h.house.advance("1s")
    expect(h.logs("five")).toContain("asked ready, text/x")
    expect(h.house.broker.messages.at(-1)).toMatchObject({
      topic: "answers/7",
      payload: "ready!",
      qos: 1,
      properties: { correlationData: "\x00\xff" },
    })
  })

  test("is told of a subscription that is refused, and stays", async () => {
    const h = await fiveOnline(({ house }) => house.broker.refusedFilters.add("forbidden/#"))
    await h.house.advance("5min")
    expect(h.logs("five").slice(1)).toEqual(["mqtt: online", "mqtt: reason 135: forbidden/#"])
  })

  test("keeps within what the broker announces: no retained messages, QoS 0, a keep-alive of its own", async () => {
    const h = await fiveOnline(({ house }) => {
      Object.assign(house.broker.capabilities, { maximumQos: 0, topicAliasMaximum: 0, serverKeepAliveS: 10 })
    })
    h.house.broker.publish("five/ask", "x", { properties: { responseTopic: "answers" } })
    await h.house.advance("1min")
    expect(ticks(h).length).toBeGreaterThan(4)
    expect(h.house.broker.messages.find(({ topic }) => topic === "answers")).toMatchObject({ payload: "x!", qos: 0 })
    const pings = h.of("mqtt").filter(({ action }) => action === "ping")
    expect(pings.length).toBeGreaterThanOrEqual(11)
    expect(h.house.linkOf("five")).toBe("online")
  })

  test("a short absence keeps its will quiet, a long one does not", async () => {
    const h = await fiveOnline()
    h.house.network.tcp.reset()
    await untilOnline(h)
    await h.house.advance("1min")
    const said = () => h.house.broker.messages.filter(({ topic }) => topic === "five/state")
    expect(said()).toEqual([])
    h.house.network.wifi.drop()
    await h.house.advance("5min")
    expect(said()).toMatchObject([{ payload: "gone", retain: true }])
  })

  test("is refused with a reason, backs off, and comes back when it is let in", async () => {
    const h = await five(({ house }) => (house.broker.policy.connect = () => ({ code: 0x87, reason: "not you" })))
    await h.house.advance("1h")
    const dials = h.of("tcp").filter(({ state }) => state === "open")
    expect(dials.length).toBeGreaterThan(20)
    expect(dials.length).toBeLessThan(70)
    h.house.broker.policy.connect = undefined
    await untilOnline(h, "125s")
  })

  test("that is kicked comes back within the first wait", async () => {
    const h = await fiveOnline()
    await h.house.advance("2min")
    h.house.broker.kick([...h.house.broker.clients.keys()][0]!, { code: 0x8b, reason: "shutting down" })
    await h.house.advance("500ms")
    expect(h.house.linkOf("five")).toBe("wifi")
    await untilOnline(h, "4200ms")
  })
})

test("a house with both versions in it: each hears the other", async () => {
  const spec = await specOf("climate", { name: "five", bundle: await fixtureBundle("five"), parts: [] })
  const h = await homeOnline({
    change: ([climate, bulb]) => [climate!, bulb!, { ...spec, record: { ...spec.record!, id: "five", s: {} } }],
  })
  await h.house.advance("65s")
  expect(h.logs("bulb")).toEqual(["wifi: connected", "mqtt: online"])
  expect(h.bulb.parts.lamp.swatch).not.toMatchObject({ red: 0, green: 0, blue: 0 })
  expect(ticks(h).length).toBeGreaterThan(5)
})
