import { describe, expect, test } from "vitest"
import { fixtureBundle, homeOnline, readings, specOf, untilOnline } from "./home"
import type { Home } from "./home"

/** src/device/guard.ts: two minutes without a sign of health. */
const WATCHDOG_S = 120

/** The climate node, and beside it a board whose program goes wrong when it is told to. */
async function homeWithLooper(): Promise<Home & { tell(what: string): Promise<void> }> {
  const spec = await specOf("climate", { name: "looper", bundle: await fixtureBundle("looper"), parts: [] })
  const looper = { ...spec, record: { ...spec.record!, id: "looper", s: {} } }
  const h = await homeOnline({ change: ([climate]) => [climate!, looper] })
  const tell = async (what: string) => {
    h.house.broker.publish("looper/do", what)
    await h.house.advance("3s")
  }
  return { ...h, tell }
}

/** What is seen from outside of a board that hangs, until two minutes later. */
async function rescue(h: Home) {
  const state = h.house.device("looper").chip.state
  const before = readings(h).length
  await h.house.advance({ us: (WATCHDOG_S + 1) * 1e6 })
  await untilOnline(h, "10s")
  const [halt] = h.of("halt")
  const [, boot] = h.of("boot", "looper")
  const afterS = (boot!.atUs - halt!.atUs) / 1e6
  return { state, halts: h.of("halt").length, ...halt!, boot, afterS, othersReadings: readings(h).length - before }
}

const RESCUED = { state: "halted", halts: 1, device: "looper", boot: { boots: 2, reason: "watchdog" } }

describe("a program that never returns is named, and its watchdog starts it again in house time", () => {
  // 2 s of host time: what the house gives one callback.
  test("a loop that does not touch the chip, in a timer", async () => {
    const h = await homeWithLooper()
    await h.tell("spin later")
    const seen = await rescue(h)
    expect(seen).toMatchObject({ ...RESCUED, callback: "timer", reason: "no return within 2000 ms of host time" })
    expect(seen.afterS).toBeLessThanOrEqual(WATCHDOG_S)
    expect(seen.othersReadings).toBeGreaterThanOrEqual(4) // the other board goes on
    expect(h.of("boot", "climate")).toHaveLength(1)
    await h.tell("as before")
    expect(h.logs("looper").at(-1)).toBe("did as before after 0 turns")
  })

  test("a loop of calls into the chip, in a message handler", async () => {
    const h = await homeWithLooper()
    await h.tell("call for ever")
    const seen = await rescue(h)
    const reason = "100000 calls into the chip without returning"
    expect(seen).toMatchObject({ ...RESCUED, callback: "data", reason })
    expect(seen.afterS).toBeLessThanOrEqual(WATCHDOG_S)
    expect(seen.othersReadings).toBeGreaterThanOrEqual(4)
  })

  test("the broker learns by keep-alive that the board hangs", async () => {
    const h = await homeWithLooper()
    await h.tell("call for ever")
    await h.house.advance("95s")
    const drops = h.of("mqtt").filter(({ action }) => action === "drop")
    expect(drops).toEqual([
      expect.objectContaining({ client: expect.stringMatching(/^looper-/), reason: "keep-alive expired" }),
    ])
  })
})

test("a program that throws is told with its message, and goes on", async () => {
  const h = await homeWithLooper()
  await h.tell("throw")
  expect(h.logs("looper").at(-1)).toContain("a mistake in the program")
  await h.tell("more")
  expect(h.logs("looper").at(-1)).toBe("did more after 0 turns")
  await h.house.advance("5min")
  expect(h.house.linkOf("looper")).toBe("online")
  expect(h.of("boot", "looper")).toHaveLength(1)
})
