import { describe, expect, test } from "vitest"
import { gapsS, home, homeOnline, mostWithin, readings, untilOnline } from "./home"
import type { Home } from "./home"

const attempts = (h: Home) => h.of("wifi").filter(({ state }) => state === "connecting")
const answers = (h: Home) => h.of("part").filter(({ what }) => what === "answers")
const only = "climate"
/** 4WAY_HANDSHAKE_TIMEOUT, BEACON_TIMEOUT, NO_AP_FOUND: the numbers of esp_wifi_types.h or Espruino's words for them. */
const WRONG_PASSWORD = /^wifi: (15|4WAY_HANDSHAKE_TIMEOUT)$/
const NO_ACCESS_POINT = /^wifi: (201|NO_AP_FOUND)$/
const BEACONS_MISSED = /^wifi: (200|BEACON_TIMEOUT)$/

/** What each life but the one that runs told as lost before it ended. */
function lostByLife(h: Home): number[] {
  return h.logs(only).flatMap((text) => /^(\d+) messages lost$/.exec(text)?.slice(1).map(Number) ?? [])
}

/** What the sensor answered in each of them. */
function answersByLife(h: Home): number[] {
  const [starts, ends] = [h.of("boot"), h.of("boot").slice(1)]
  return ends.map((end, i) => answers(h).filter(({ atUs }) => atUs > starts[i]!.atUs && atUs < end.atUs).length)
}

describe("wrong Wi-Fi password", () => {
  test("is told with its reason, and attempts slow down to one in half a minute to two minutes", async () => {
    const h = await home({ only, network: { ssid: "workshop", password: "another" } })
    await h.house.advance("1h")
    const tries = attempts(h)
    expect(h.logs(only).length).toBeGreaterThanOrEqual(tries.length - 1)
    for (const text of h.logs(only)) expect(text).toMatch(WRONG_PASSWORD)
    expect(tries.length).toBeGreaterThan(30)
    expect(tries.length).toBeLessThan(70)
    expect(Math.min(...gapsS(tries.slice(-20)))).toBeGreaterThan(30)
    expect(Math.max(...gapsS(tries))).toBeLessThan(130)
    expect(h.of("tcp")).toEqual([])
    expect(h.of("boot")).toHaveLength(1)
  })

  test("made right, it comes up within the longest wait and sends what it kept", async () => {
    const h = await home({ only, network: { ssid: "workshop", password: "another" } })
    await h.house.advance("1h")
    h.house.network.wifi.password = h.climate.spec.record!.pass
    await untilOnline(h, "130s")
    await h.house.advance("1s")
    expect(readings(h)).toHaveLength(8)
    expect(h.logs(only)).toContainEqual(expect.stringMatching(/^mqtt: online, 1\d\d dropped$/))
  })

  test("there is none where the access point was given no password: a board that comes with any is let in", async () => {
    const h = await home({ only, network: { ssid: "workshop" } })
    await untilOnline(h, "10s")
    expect(h.logs(only)).not.toContainEqual(expect.stringMatching(WRONG_PASSWORD))
  })

  test("neither the log nor the trace has it", async () => {
    const h = await home({ network: { ssid: "workshop", password: "another" }, trace: true })
    await h.house.advance("5min")
    expect(h.house.trace.length).toBeGreaterThan(20)
    expect(h.house.trace.join("\n")).not.toContain(h.climate.spec.record!.pass)
  })
})

describe("the access point", () => {
  test("gone for a minute: told, found again, and every reading arrives", async () => {
    const h = await homeOnline()
    await h.house.advance("1min")
    h.house.network.wifi.drop()
    await h.house.advance("1min")
    expect(h.logs(only)).toContainEqual(expect.stringMatching(BEACONS_MISSED))
    expect(h.logs(only)).toContainEqual(expect.stringMatching(NO_ACCESS_POINT))
    expect(h.logs(only)).toContain("mqtt: link lost") // no socket event says so: the program itself knows
    h.house.network.wifi.restore()
    await untilOnline(h, "70s") // the wait that is under way when it returns
    await h.house.advance("61s")
    expect(readings(h)).toHaveLength(answers(h).length)
  })

  test("back before anybody noticed: no connection is lost", async () => {
    const h = await homeOnline({ only })
    h.house.network.wifi.drop()
    await h.house.advance("3s")
    h.house.network.wifi.restore()
    await h.house.advance("2min")
    expect(h.logs(only)).toEqual(["wifi: connected", "mqtt: online"])
    expect(readings(h)).toHaveLength(5)
  })

  test("gone for a day: found within the longest wait, with readings of now", async () => {
    const h = await homeOnline({ only })
    h.house.network.wifi.drop()
    await h.house.advance("24h")
    const gone = readings(h).length
    expect(gone).toBe(0) // so whatever was read is lost, or waits
    // 1,440 a day would be one a minute; each restart for leaked memory begins the backoff anew.
    expect(attempts(h).length).toBeLessThan(1440)
    expect(
      h
        .of("boot")
        .slice(1)
        .every(({ reason }) => reason === "reboot"),
    ).toBe(true)
    expect(h.of("boot").length).toBeGreaterThan(2)
    expect(lostByLife(h)).toEqual(answersByLife(h))
    h.climate.parts.dht22.temperatureC = 17.3
    h.house.network.wifi.restore()
    await untilOnline(h, "3min")
    await h.house.advance("61s")
    const back = readings(h).slice(gone)
    expect(back.length).toBeGreaterThan(1)
    expect(back.at(-1)!.temperature).toBe(17.3)
  })

  test("throws the station out each ten minutes: back within seconds, nothing lost", async () => {
    const h = await homeOnline({ only })
    for (let i = 0; i < 12; i++) {
      h.house.network.wifi.kick()
      await untilOnline(h, "10s")
      await h.house.advance("10min")
    }
    expect(Math.max(...gapsS(readings(h)))).toBeLessThan(40)
  })
})

describe("an access point that throws the station out as soon as it has an address", () => {
  test("is asked less and less often, as one that is not there", async () => {
    const h = await home({ only })
    h.house.on((event) => {
      if (event.kind === "wifi" && event.state === "connected")
        h.house.clock.after(300_000, () => h.house.network.wifi.kick())
    })
    await h.house.advance("1h")
    expect(attempts(h).length).toBeGreaterThan(30)
    expect(attempts(h).length).toBeLessThan(70)
    expect(Math.min(...gapsS(attempts(h).slice(10, 30)))).toBeGreaterThan(30)
    expect(h.logs(only)).toContainEqual(expect.stringMatching(/^wifi: (8|ASSOC_LEAVE)$/))
  })
})

describe("a bad radio", () => {
  test("out of reach is no access point, and back in reach it joins", async () => {
    const h = await home({ only })
    h.house.network.wifi.rssiDbm = -95
    await h.house.advance("5min")
    expect(h.logs(only)).toContainEqual(expect.stringMatching(NO_ACCESS_POINT))
    expect(mostWithin(attempts(h), 60)).toBeLessThan(8)
    h.house.network.wifi.rssiDbm = -85
    await untilOnline(h, "130s")
    expect(h.house.view().devices[0]).toMatchObject({ link: "online", rssiDbm: -85 })
  })

  test("no address for a quarter of an hour (DHCP): told after 20 s, and joins when there is one", async () => {
    const h = await home({ only })
    h.house.network.wifi.hasDhcp = false
    await h.house.advance("15min")
    expect(new Set(h.logs(only))).toEqual(new Set(["wifi: no answer"]))
    expect(h.of("log")[0]!.atUs / 1e6).toBeCloseTo(20.35, 1)
    expect(Math.min(...gapsS(attempts(h)))).toBeGreaterThan(20) // each attempt has its time
    expect(attempts(h).length).toBeLessThan(30)
    expect(h.of("tcp")).toEqual([])
    h.house.network.wifi.hasDhcp = true
    await untilOnline(h, "130s")
  })

  test("an address that takes 15 s is waited for", async () => {
    const h = await home({ only })
    h.house.network.wifi.dhcpMs = 15_000
    await untilOnline(h, "19s")
    expect(h.of("wifi").map(({ state }) => state)).toEqual(["connecting", "associated", "connected"])
    expect(h.logs(only)).toEqual(["wifi: connected", "mqtt: online"])
    await h.house.advance("1min")
    expect(readings(h)).toHaveLength(answers(h).length)
  })

  test("an address that takes longer than an attempt is given up, told, and taken when it comes in time again", async () => {
    const h = await home({ only })
    h.house.network.wifi.dhcpMs = 25_000
    await h.house.advance("10min")
    expect(new Set(h.logs(only))).toEqual(new Set(["wifi: no answer"]))
    expect(h.of("wifi").filter(({ state }) => state === "connected")).toEqual([])
    h.house.network.wifi.dhcpMs = 600
    await untilOnline(h, "130s")
  })
})
