import { describe, expect, test } from "vitest"
import { BROKER_HOST, gapsS, home, homeOnline, numberReadings, readings, untilOnline } from "./home"
import type { Home } from "./home"

const only = "climate"
const KEEP_ALIVE_S = 60
const timeOf = (h: Home, text: string) => h.of("log").find((log) => log.text === text)!.atUs / 1e6
/** Every answer of the sensor that had time to be sent. */
const answers = (h: Home) => h.of("part").filter(({ what }) => what === "answers")

describe("the link lies", () => {
  // Moments between two pings, just after one, and just before the next.
  test.each([0, 10, 29, 31, 45])("half-open after %i s: found within one keep-alive, nothing lost", async (afterS) => {
    const h = await homeOnline({ only })
    await h.house.advance({ us: afterS * 1e6 })
    const cutS = h.house.nowUs / 1e6
    h.house.network.cut(only)
    await h.house.advance("62s")
    expect(timeOf(h, "mqtt: no PINGRESP") - cutS).toBeLessThan(KEEP_ALIVE_S)
    expect(h.of("tcp").filter(({ state }) => state === "closed")).toMatchObject([{ reason: "here" }])
    h.house.network.heal(only)
    await untilOnline(h, "1min")
    await h.house.advance("40s")
    expect(readings(h).length).toBeGreaterThanOrEqual(answers(h).length)
  })

  test("half-open for half a minute: TCP repeats what was lost, and nobody hangs up", async () => {
    const h = await homeOnline({ only })
    await h.house.advance("5s")
    h.house.network.cut(only)
    await h.house.advance("28s")
    h.house.network.heal(only)
    await h.house.advance("5min")
    expect(h.logs(only)).toEqual(["wifi: connected", "mqtt: online"])
    expect(readings(h)).toHaveLength(answers(h).length)
  })

  test("a reset is told, and healed within five seconds", async () => {
    const h = await homeOnline({ only })
    await h.house.advance("45s")
    h.house.network.tcp.reset(only)
    await h.house.advance("100ms")
    expect(h.logs(only).at(-1)).toBe("mqtt: closed by broker")
    await untilOnline(h, "5s")
  })

  test.each(["20s", "90s", "10min"])("TCP stalls for %s: every reading or the newest 8 arrive", async (forTime) => {
    const h = await homeOnline({ only })
    await h.house.advance("45s")
    const before = readings(h).length
    h.house.network.tcp.stall(only)
    await h.house.advance(forTime)
    const missed = answers(h).length - before
    h.house.network.tcp.resume(only)
    await untilOnline(h, "150s") // a blocking connect of 20 s may be under way
    await h.house.advance("1s")
    expect(readings(h).length - before).toBeGreaterThanOrEqual(Math.min(missed, 8))
    expect(h.of("boot")).toHaveLength(1)
  })
})

describe("connect blocks", () => {
  test.each([20, 75, 110])(
    "for %i s each time: the watchdog waits, and the board is itself again afterwards",
    async (blockS) => {
      const h = await homeOnline({ only })
      const { tcp } = h.house.network
      tcp.connectTimeoutMs = blockS * 1000
      tcp.silentHosts.add(BROKER_HOST)
      tcp.reset()
      await h.house.advance("30min")
      expect(h.of("tcp").filter(({ state }) => state === "timeout").length).toBeGreaterThan(7)
      expect(h.of("boot")).toHaveLength(1)
      expect(h.logs(only)).toContain(`mqtt: no answer from ${BROKER_HOST}`)
      tcp.silentHosts.clear()
      await untilOnline(h, `${blockS + 125}s`)
      await h.house.advance("5min")
      // Turns missed in a block are not made up in a burst: the sensor is read each 30 s again.
      const gaps = gapsS(readings(h).slice(-6))
      expect(Math.min(...gaps)).toBeGreaterThan(29)
      expect(Math.max(...gaps)).toBeLessThan(31)
    },
  )
})

describe("the broker has a name", () => {
  const named = (host: string) => home({ only, change: ([spec]) => [{ ...spec!, record: { ...spec!.record!, host } }] })

  test("that does not resolve, and then does: waits, blocks nobody, connects", async () => {
    const h = await named("broker.home")
    h.house.network.tcp.dns = "gone"
    await h.house.advance("10min")
    expect(new Set(h.logs(only))).toEqual(new Set(["wifi: connected", "mqtt: no address for broker.home"]))
    expect(h.of("tcp")).toEqual([])
    expect(gapsS(answers(h)).every((gap) => gap < 31)).toBe(true)
    h.house.network.tcp.dns = "ok"
    await untilOnline(h, "130s")
    expect(h.of("tcp")).toMatchObject([{ state: "open" }])
  })

  test("that moves to another address is looked up again", async () => {
    const h = await named("broker.home")
    await untilOnline(h)
    const { tcp } = h.house.network
    const old = tcp.names.get("broker.home")!
    tcp.names.set("broker.home", BROKER_HOST)
    tcp.silentHosts.add(old)
    tcp.serve(BROKER_HOST, 1883, { isListening: () => true, accept: ({ service }) => service.send("\x20\x02\x00\x05") })
    tcp.reset()
    await h.house.advance("5s")
    expect(h.of("tcp").at(-1)).toMatchObject({ state: "closed", host: BROKER_HOST })
    expect(h.logs(only).at(-1)).toBe("mqtt: not authorised")
  })
})

describe("a weak link", () => {
  test.each([5, 25])("that loses %i %% of all packets: late, but every reading and in order", async (lossPct) => {
    const h = await homeOnline()
    const read = numberReadings(h)
    h.house.network.wifi.lossPct = lossPct
    await h.house.advance("30min")
    h.house.network.wifi.lossPct = 0
    await h.house.advance("150s") // the longest wait, should a connection have been given up
    const seen = readings(h).map(({ temperature }) => temperature)
    expect(read.length).toBeGreaterThan(60)
    expect(Math.max(...gapsS(readings(h)))).toBeGreaterThan(30.9) // what is lost comes a second later at least
    expect([...new Set(seen)]).toEqual(read.slice(0, new Set(seen).size))
    expect(read.length - new Set(seen).size).toBeLessThanOrEqual(1)
    expect(h.of("boot")).toHaveLength(2)
    expect([...h.logs(only), ...h.logs("bulb")].filter((text) => text.includes("malformed"))).toEqual([])
  })

  // Segments that come seconds late, in small pieces. Cuts of a second now and then.
  test("late and in pieces of 3 bytes: every reading arrives, in order, the bulb follows", async () => {
    const h = await homeOnline()
    Object.assign(h.house.network.tcp, { latencyMs: 300, jitterMs: 4000, segmentBytes: 3 })
    h.house.network.wifi.rssiDbm = -90
    for (let i = 0; i < 40; i++) {
      h.house.network.cut()
      await h.house.advance("1s")
      h.house.network.heal()
      await h.house.advance("14s")
    }
    await h.house.advance("1min")
    const seen = readings(h)
    expect(seen.length).toBeGreaterThanOrEqual(answers(h).length - 1)
    expect(h.of("mqtt").filter(({ action }) => action === "ack").length).toBeGreaterThanOrEqual(seen.length - 1)
    expect(h.logs("bulb").filter((text) => text.includes("malformed"))).toEqual([])
  })
})
