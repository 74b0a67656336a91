import { describe, expect, test } from "vitest"
import type { Connection } from "../../sim/network/connection"
import { BROKER_HOST, gapsS, home, homeOnline, readings, untilOnline } from "./home"
import type { Home } from "./home"

const only = "climate"
const opened = (h: Home) => h.of("tcp", only).filter(({ state }) => state === "open")
/** Doubling from 4 s to 120 s takes 6 attempts and 2 minutes; then 30 to 120 an hour, 48 in the middle. */
const MOST_PER_HOUR = 70

const REASONS = [
  [1, "mqtt: wrong protocol version"],
  [2, "mqtt: client id refused"],
  [3, "mqtt: broker unavailable"],
  [4, "mqtt: wrong user or password"],
  [5, "mqtt: not authorised"],
] as const

describe("refused by the broker", () => {
  test.each(REASONS)("return code %i: %s; waits grow, and it comes back when accepted", async (code, reason) => {
    const h = await home({ only })
    h.house.broker.returnCode = code
    await h.house.advance("1h")
    expect(new Set(h.logs(only))).toEqual(new Set(["wifi: connected", reason]))
    const gaps = gapsS(opened(h))
    expect(gaps.length).toBeGreaterThan(30)
    expect(gaps.length).toBeLessThan(MOST_PER_HOUR)
    // All but "broker unavailable" wait for a person.
    expect(gaps[0]).toBeLessThan(code === 3 ? 4.1 : 30.1)
    expect(gaps[0]).toBeGreaterThan(code === 3 ? 1 : 7.5)
    expect(Math.min(...gaps.slice(6))).toBeGreaterThan(30)
    h.house.broker.returnCode = 0
    await untilOnline(h, "125s")
    await h.house.advance("1s")
    expect(readings(h)).toHaveLength(8)
  })

  test("user and password of the settings open it", async () => {
    const credentials = { user: "house", password: "key-of-the-broker" }
    const withLogin = async (pw: string) => {
      const h = await home({
        only,
        change: ([spec]) => [{ ...spec!, record: { ...spec!.record!, user: "house", pw } }],
      })
      h.house.broker.credentials = credentials
      await h.house.advance("35s")
      return h
    }
    const [right, wrong] = [await withLogin(credentials.password), await withLogin("guess")]
    expect(readings(right)).toHaveLength(2)
    expect(readings(wrong)).toEqual([])
    expect(wrong.logs(only)).toContain("mqtt: wrong user or password")
    expect(wrong.logs(only).join()).not.toContain("guess")
  })

  test("a filter that may not be subscribed is told, and the connection stays", async () => {
    const h = await home({ only: "bulb" })
    h.house.broker.refusedFilters.add("sensor/data")
    await h.house.advance("5min")
    expect(h.logs("bulb")).toEqual(["wifi: connected", "mqtt: online", "mqtt: refused: sensor/data"])
    expect(h.house.linkOf("bulb")).toBe("online")
  })
})

describe("what only looks like a broker", () => {
  /** Something else listens at the broker's address. */
  async function instead(onConnection: (connection: Connection) => void): Promise<Home> {
    const h = await home({ only })
    h.house.network.tcp.serve(BROKER_HOST, 1883, { isListening: () => true, accept: onConnection })
    await h.house.advance("1h")
    return h
  }
  const reasons = (h: Home) => new Set(h.logs(only).slice(1))

  test.each<[string, string, (connection: Connection) => void]>([
    ["says nothing", "mqtt: no CONNACK", () => undefined],
    ["hangs up", "mqtt: closed by broker", ({ service }) => service.close()],
    ["resets", "mqtt: closed by broker", ({ service }) => service.abort()],
    ["speaks HTTP", "mqtt: malformed packet", ({ service }) => service.send(`HTTP/1.1 400\r\n\r\n${"-".repeat(100)}`)],
    ["answers MQTT 5", "mqtt: malformed packet", ({ service }) => service.send("\x20\x03\x00\x84\x00")],
    ["has a code of its own", "mqtt: malformed packet", ({ service }) => service.send("\x20\x02\x00\x06")],
    ["claims a session", "mqtt: malformed packet", ({ service }) => service.send("\x20\x02\x01\x00")],
    ["pongs first", "mqtt: malformed packet", ({ service }) => service.send("\xd0\x00")],
  ])("%s: %s, and no tight loop", async (_what, reason, onConnection) => {
    const h = await instead(onConnection)
    expect(reasons(h)).toEqual(new Set([reason]))
    expect(opened(h).length).toBeGreaterThan(20)
    expect(opened(h).length).toBeLessThan(MOST_PER_HOUR)
    expect(h.of("boot")).toHaveLength(1)
  })

  test.each(["at once", "10 s later"])("accepts and throws out %s: an hour has few attempts", async (when) => {
    const h = await home({ only })
    const closeAll = () => h.house.network.tcp.connectionsOf(only).forEach(({ service }) => service.close())
    h.house.on((event) => {
      if (event.kind !== "mqtt" || event.action !== "connect") return
      h.house.clock.after(when === "at once" ? 3_000 : 10_000_000, closeAll)
    })
    await h.house.advance("1h")
    expect(h.logs(only).filter((text) => text.startsWith("mqtt: online")).length).toBeGreaterThan(20)
    expect(opened(h).length).toBeLessThan(MOST_PER_HOUR)
    expect(Math.min(...gapsS(opened(h)).slice(6))).toBeGreaterThan(30)
  })

  test("a connection that held a minute was good: the next wait is short again", async () => {
    const h = await home({ only })
    h.house.broker.returnCode = 3
    await h.house.advance("10min")
    h.house.broker.returnCode = 0
    await untilOnline(h, "125s")
    await h.house.advance("65s")
    h.house.network.tcp.reset()
    await untilOnline(h, "4200ms")
    expect(h.logs(only).at(-1)).toMatch(/^mqtt: online/)
  })
})

test("two boards do not wait for the same moments", async () => {
  const h = await homeOnline()
  h.house.broker.stop()
  await h.house.advance("10min")
  const [climate, bulb] = ["climate", "bulb"].map((device) =>
    h.of("tcp", device).filter(({ state }) => state === "refused"),
  )
  const near = climate!.filter(({ atUs }) => bulb!.some((other) => Math.abs(other.atUs - atUs) < 100_000))
  expect(climate!.length).toBeGreaterThan(8)
  expect(near.length).toBeLessThan(4)
})
