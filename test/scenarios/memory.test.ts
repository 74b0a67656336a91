import { describe, expect, test } from "vitest"
import { gapsS, homeOnline, numberReadings, readings, untilOnline } from "./home"
import type { Home } from "./home"

const only = "climate"
const temperatures = (h: Home) => readings(h).map(({ temperature }) => temperature)
const restarts = (h: Home) => h.of("boot").slice(1)

describe("memory runs out in a handler, which is then gone", () => {
  // 45 s into the run a reading has just been acknowledged; the next is due at 60 s.
  test.each(["data", "event", "watch"] as const)("a %s handler: orderly restart, and what was read arrives", async (kind) => {
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
  })

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
  test("300 losses of the link: restarts in good order long before memory is gone, and every reading arrives", async () => {
    const h = await homeOnline({ only })
    const read = numberReadings(h)
    let mostUsed = 0
    for (let i = 0; i < 300; i++) {
      h.house.network.wifi.kick()
      await h.house.advance("65s")
      mostUsed = Math.max(mostUsed, h.house.snapshot().devices[0]!.memory.used)
    }
    const { total } = h.house.snapshot().devices[0]!.memory
    expect(mostUsed).toBeLessThan(total - 200)
    expect(restarts(h).length).toBeGreaterThan(3)
    expect(restarts(h).length).toBeLessThan(10)
    expect(restarts(h).every(({ reason }) => reason === "reboot")).toBe(true)
    expect(h.logs(only)).not.toContain("OUT OF MEMORY")
    await h.house.advance("10s")
    expect(new Set(temperatures(h))).toEqual(new Set(read))
    expect(Math.max(...gapsS(readings(h)))).toBeLessThan(45)
  })

  test("a reconnect to the broker alone leaks nothing", async () => {
    const h = await homeOnline()
    await h.house.advance("1min")
    const used = () => h.house.snapshot().devices.map(({ memory }) => memory.used)
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
