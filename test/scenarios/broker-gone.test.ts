import { describe, expect, test } from "vitest"
import {
  BROKER_HOST,
  TOPIC,
  fixtureBundle,
  home,
  homeOnline,
  numberReadings,
  readings,
  specOf,
  untilOnline,
} from "./home"
import type { Home } from "./home"

const only = "climate"

describe("the broker is gone for an hour", () => {
  test("the newest 8 readings wait, the rest are reported, nothing else is lost", async () => {
    const h = await homeOnline({ only })
    const read = numberReadings(h)
    await h.house.advance("5min")
    h.house.broker.stop()
    await h.house.advance("1h")
    h.house.broker.start()
    await untilOnline(h, "125s")
    const back = read.length
    await h.house.advance("10min")

    const published = readings(h).map(({ temperature }) => temperature)
    const online = h.logs(only).find((text) => text.includes("dropped"))!
    const dropped = Number(/^mqtt: online, (\d+) dropped$/.exec(online)![1])
    expect(dropped).toBeGreaterThan(100)
    expect(published.length + dropped).toBe(read.length)
    // The eight are the last before the return, in their order; then each reading as it comes.
    // Told once: what comes after the next reconnect counts from there.
    h.house.network.tcp.reset()
    await untilOnline(h)
    expect(h.logs(only).at(-1)).toBe("mqtt: online")
    expect(published.slice(-(read.length - back) - 8)).toEqual(read.slice(back - 8))
  })

  test("both boards come back within the longest wait, and the bulb follows again", async () => {
    const h = await homeOnline()
    await h.house.advance("5min")
    h.house.broker.stop()
    await h.house.advance("1h")
    const refused = h.of("tcp", only).filter(({ state }) => state === "refused")
    expect(refused.length).toBeLessThan(70)
    expect(h.logs(only)).toContain(`mqtt: no answer from ${BROKER_HOST}`)
    h.house.broker.start()
    await untilOnline(h, "125s")
    h.house.broker.publish(TOPIC, '{"temperature":31,"humidity":100}')
    await h.house.advance("1s")
    expect(h.bulb.parts.lamp.swatch).toMatchObject({ red: 255, green: 0, blue: 0 })
    expect(h.of("boot")).toHaveLength(2)
  })
})

describe("the broker restarts", () => {
  test.each([
    { memory: "with", retained: 1 },
    { memory: "without", retained: 0 },
  ])("$memory its memory: subscriptions are renewed within seconds", async ({ memory, retained }) => {
    const h = await homeOnline()
    await h.house.advance("65s")
    h.house.broker.stop({ forget: memory === "without" })
    h.house.broker.start()
    const from = h.events.length
    await untilOnline(h, "5s")
    await h.house.advance("1s")
    const since = h.events.slice(from).filter((event) => event.kind === "mqtt")
    expect(since.filter(({ action }) => action === "subscribe")).toHaveLength(1)
    expect(since.filter(({ action, client }) => action === "deliver" && client.startsWith("bulb"))).toHaveLength(
      retained,
    )
    const before = readings(h).length
    await h.house.advance("1min")
    expect(readings(h)).toHaveLength(before + 2)
  })

  /** A program that asks the broker to keep its session, and has a will. */
  async function keeper(): Promise<Home> {
    const spec = await specOf(only, { name: "keeper", bundle: await fixtureBundle("keeper"), parts: [] })
    return homeOnline({ change: () => [{ ...spec, record: { ...spec.record!, id: "keeper", s: {} } }] })
  }

  test("a kept session: what was sent meanwhile arrives once, in order, without a new SUBSCRIBE", async () => {
    const h = await keeper()
    h.house.network.tcp.reset()
    await h.house.advance("100ms")
    for (const order of ["one", "two", "three"]) h.house.broker.publish("orders/a", order, { qos: 1 })
    await untilOnline(h, "5s")
    await h.house.advance("1s")
    expect(h.logs("keeper").filter((text) => text.startsWith("order"))).toEqual([
      "order one",
      "order two",
      "order three",
    ])
    expect(h.of("mqtt").filter(({ action }) => action === "subscribe")).toHaveLength(1)
  })

  test("a kept session that the broker lost: subscribed anew, and the will spoke for the absent", async () => {
    const h = await keeper()
    h.house.broker.stop({ forget: true })
    h.house.broker.start()
    expect(h.house.broker.messages.at(-1)).toMatchObject({ topic: "keeper/state", payload: "gone", retain: true })
    await untilOnline(h, "5s")
    await h.house.advance("1s")
    h.house.broker.publish("orders/b", "four", { qos: 1 })
    await h.house.advance("1s")
    expect(h.logs("keeper").at(-1)).toBe("order four")
    expect(h.of("mqtt").filter(({ action }) => action === "subscribe")).toHaveLength(2)
  })
})

test("a broker that is only slow to answer loses nothing and sends nothing twice", async () => {
  const h = await home({ only })
  h.house.network.tcp.latencyMs = 3000
  const read = numberReadings(h)
  await h.house.advance("10min")
  await h.house.advance("20s")
  expect(readings(h).map(({ temperature }) => temperature)).toEqual(read.slice(0, readings(h).length))
  expect(readings(h).length).toBeGreaterThan(18)
  expect(h.logs(only)).toEqual(["wifi: connected", "mqtt: online"])
})
