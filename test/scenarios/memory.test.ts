import { describe, expect, test } from "vitest"
import { gapsS, homeOnline, numberReadings, readings, untilOnline } from "./home"
import type { Home } from "./home"

const only = "climate"
const temperatures = (h: Home) => readings(h).map(({ temperature }) => temperature)
const restarts = (h: Home) => h.of("boot").slice(1)
const missing = (h: Home, read: number[]) => read.filter((temperature) => !temperatures(h).includes(temperature))

/** How many readings the board itself said it lost. */
function toldLost(h: Home): number {
  const counts = h.logs(only).map((text) => /(\d+) (?:messages lost|dropped)$/.exec(text)?.[1] ?? 0)
  return counts.reduce<number>((sum, count) => sum + Number(count), 0)
}

describe("memory runs out in a handler, which is then gone", () => {
  // 45 s into the run a reading has just been acknowledged; the next is due at 60 s.
  test.each(["data", "event", "watch"] as const)(
    "a %s handler: orderly restart, what was read arrives or is told",
    async (kind) => {
      const h = await homeOnline({ only })
      const read = numberReadings(h)
      await h.house.advance("43s")
      h.climate.chip.loseCallback(kind)
      await h.house.advance("10min")
      expect(h.logs(only)).toContain("OUT OF MEMORY")
      expect(h.logs(only)).toContain("restarting: out of memory")
      expect(restarts(h)).toMatchObject([{ reason: "reboot" }])
      // A reading whose watch was lost was never read; every other one arrives, some twice.
      const missing = read.filter((temperature) => !temperatures(h).includes(temperature))
      expect(missing).toHaveLength(kind === "watch" ? 1 : 0)
      expect(h.house.linkOf(only)).toBe("online")
    },
  )

  test("the restart waits for what can still be delivered", async () => {
    const h = await homeOnline({ only })
    const read = numberReadings(h)
    await h.house.advance("43s")
    h.house.network.cut(only) // two readings will wait, and the handler is lost meanwhile
    h.climate.chip.loseCallback("watch")
    await h.house.advance("24s")
    expect(h.logs(only)).toContain("restarting: out of memory")
    h.house.network.heal(only)
    await h.house.advance("1min")
    expect(restarts(h)).toHaveLength(1)
    const accepted = read.slice(0, 2)
    expect(temperatures(h)).toEqual(expect.arrayContaining(accepted))
  })

  test("a broker that was gone is waited for, so that the restart loses none of the 8 that wait", async () => {
    const h = await homeOnline({ only })
    const read = numberReadings(h)
    h.house.broker.stop()
    await h.house.advance("5min")
    h.climate.chip.loseCallback("data") // in the CONNACK
    h.house.broker.start()
    await h.house.advance("10min")
    expect(restarts(h)).toMatchObject([{ reason: "reboot" }])
    expect(h.logs(only).filter((text) => text.endsWith("lost"))).toEqual([])
    expect(missing(h, read)).toHaveLength(toldLost(h))
  })

  test("a broker that does not come back: what is lost is told in a number", async () => {
    const h = await homeOnline({ only })
    h.house.broker.stop()
    await h.house.advance("3min")
    h.climate.chip.loseCallback("event")
    h.house.network.wifi.kick()
    await h.house.advance("5min")
    expect(restarts(h)).toMatchObject([{ reason: "reboot" }])
    expect(h.logs(only)).toContainEqual(expect.stringMatching(/^\d+ messages lost$/))
  })

  test("the one timer itself: the board is back within two minutes", async () => {
    const h = await homeOnline({ only })
    await h.house.advance("40s")
    h.climate.chip.loseCallback("timer")
    const lostAtUs = h.house.nowUs
    await h.house.advance("130s")
    expect(restarts(h)).toHaveLength(1)
    expect((restarts(h)[0]!.atUs - lostAtUs) / 1e6).toBeLessThan(121)
    await untilOnline(h, "10s")
    const before = readings(h).length
    await h.house.advance("5min")
    expect(readings(h)).toHaveLength(before + 10)
  })
})

describe("Wi-Fi events leak blocks that never come back", () => {
  test("300 losses of the link: restarts in good order long before memory is gone, and every reading arrives or is told", async () => {
    const h = await homeOnline({ only })
    const read = numberReadings(h)
    let mostUsed = 0
    for (let i = 0; i < 300; i++) {
      h.house.network.wifi.kick()
      await h.house.advance("65s")
      mostUsed = Math.max(mostUsed, h.house.view().devices[0]!.memory.used)
    }
    const { total } = h.house.view().devices[0]!.memory
    expect(mostUsed).toBeLessThan(total - 200)
    expect(restarts(h).length).toBeGreaterThan(3)
    expect(restarts(h).length).toBeLessThan(10)
    expect(restarts(h).every(({ reason }) => reason === "reboot")).toBe(true)
    expect(h.logs(only)).not.toContain("OUT OF MEMORY")
    await h.house.advance("10s")
    // What is read in the very moment of a restart may be lost, and then is told.
    expect(missing(h, read)).toHaveLength(toldLost(h))
    expect(missing(h, read).length).toBeLessThanOrEqual(restarts(h).length)
    expect(Math.max(...gapsS(readings(h)))).toBeLessThan(45)
  })

  test("a reconnect to the broker alone leaks nothing", async () => {
    const h = await homeOnline()
    await h.house.advance("1min")
    const used = () => h.house.view().devices.map(({ memory }) => memory.used)
    const before = used()
    for (let i = 0; i < 100; i++) {
      h.house.network.tcp.reset()
      await untilOnline(h, "130s")
      await h.house.advance("65s")
    }
    expect(used()).toEqual(before)
    expect(restarts(h).slice(1)).toEqual([])
  })
})
