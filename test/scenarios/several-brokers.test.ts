import { describe, expect, test } from "vitest"
import { Broker } from "../../sim/broker/broker"
import { brokerService } from "../../sim/broker/service"
import { fixtureBundle, home, specOf, untilOnline } from "./home"
import type { Home } from "./home"

const SECOND = { host: "192.168.1.11", port: 1884 }

interface Two extends Home {
  /** The house's own broker is the first. */
  second: Broker
}

/** A board that knows two brokers. */
async function two(program: "several" | "five"): Promise<Two> {
  const spec = await specOf("climate", { name: program, bundle: await fixtureBundle(program), parts: [] })
  const record = { ...spec.record!, id: program, s: {}, more: [SECOND] }
  const h = await home({ change: () => [{ ...spec, record }] })
  const second = new Broker(h.house.clock, () => undefined)
  h.house.network.tcp.serve(SECOND.host, SECOND.port, brokerService(second))
  return { ...h, second }
}

describe("the second broker of flash.config.json", () => {
  test("takes over when the first is down, keeps the board, and gives it back when it goes down itself", async () => {
    const h = await two("several")
    h.house.broker.stop()
    await untilOnline(h)
    expect(h.second.clients.size).toBe(1)
    expect(h.logs("several").filter((text) => /^(wifi|mqtt)/.test(text))).toEqual([
      "wifi: connected",
      "mqtt: no answer from 192.168.1.10",
      "mqtt: on to 192.168.1.11:1884",
      "mqtt: online",
    ])
    h.house.broker.start()
    await h.house.advance("10min")
    expect([h.house.broker.clients.size, h.second.clients.size]).toEqual([0, 1])
    h.second.stop()
    await untilOnline(h, "5s")
    expect(h.house.broker.clients.size).toBe(1)
    expect(h.logs("several").slice(-3)).toEqual([
      "mqtt: closed by broker",
      "mqtt: on to 192.168.1.10:1883",
      "mqtt: online",
    ])
  })

  test("takes over when the first is a host that is switched off: the connect blocks for 20 s, the watchdog bears it", async () => {
    const h = await two("several")
    h.house.network.tcp.silentHosts.add("192.168.1.10")
    await untilOnline(h, "1min")
    expect([h.second.clients.size, h.of("boot").length]).toEqual([1, 1])
  })

  test("is not asked when the first is there", async () => {
    const h = await two("several")
    await untilOnline(h)
    await h.house.advance("1h")
    expect([h.house.broker.clients.size, h.second.messages.length]).toEqual([1, 0])
  })

  test("is the embedded broker, too, unless a test puts another in its place", async () => {
    const spec = await specOf("climate", { name: "several", bundle: await fixtureBundle("several"), parts: [] })
    const record = { ...spec.record!, id: "several", s: {}, more: [SECOND] }
    const h = await home({ change: () => [{ ...spec, record }] })
    h.house.network.tcp.silentHosts.add("192.168.1.10")
    await untilOnline(h, "1min")
    expect(h.house.broker.clients.size).toBe(1)
  })

  test("both down for an hour: neither sees more connects than the backoff allows", async () => {
    const h = await two("several")
    h.house.broker.stop()
    h.second.stop()
    await h.house.advance("1h")
    for (const host of ["192.168.1.10", SECOND.host])
      expect(h.of("tcp").filter((event) => event.host === host).length).toBeLessThan(70)
    h.second.start()
    await untilOnline(h, "125s")
  })
})

describe("a broker of MQTT 5 that sends its clients to another", () => {
  test("in DISCONNECT: followed within a second", async () => {
    const h = await two("five")
    await untilOnline(h)
    h.house.broker.redirect("192.168.1.11:1884")
    await h.house.advance("1200ms")
    await untilOnline(h, "1s")
    expect(h.second.clients.size).toBe(1)
    expect(h.logs("five").slice(-2)).toEqual(["mqtt: on to 192.168.1.11:1884", "mqtt: online"])
  })

  test("to one that sends it back: three hops, and then it waits", async () => {
    const h = await two("five")
    h.house.broker.redirect("192.168.1.11:1884", true)
    h.second.redirect("192.168.1.10:1883", true)
    await h.house.advance("1h")
    for (const host of ["192.168.1.10", SECOND.host]) {
      const dials = h.of("tcp").filter((event) => event.host === host && event.state === "open")
      expect(dials.length).toBeGreaterThan(30)
      expect(dials.length).toBeLessThan(4 * 70)
    }
    h.second.redirect(undefined)
    await untilOnline(h, "125s")
  })
})
