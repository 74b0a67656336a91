import { describe, expect, test } from "vitest"
import { buildProgram } from "../../tools/build/program"
import { ROOT } from "../../tools/root"
import { homeOnline, readings, specOf, untilOnline } from "./home"
import type { Home } from "./home"

/** src/device/guard.ts: two minutes without a sign of health. */
const WATCHDOG_S = 120

/** The climate node, and beside it a board whose program goes wrong when it is told to. */
async function homeWithLooper(): Promise<Home & { tell(what: string): Promise<void> }> {
  const { code } = await buildProgram(`${ROOT}test/scenarios/programs/looper.ts`, { root: ROOT })
  const spec = await specOf("climate", { name: "looper", bundle: code, parts: [] })
  const looper = { ...spec, record: { ...spec.record!, id: "looper", s: {} } }
  const h = await homeOnline({ change: ([climate]) => [climate!, looper] })
  const tell = async (what: string) => {
    h.house.broker.publish("looper/do", what)
    await h.house.advance("3s")
  }
  return { ...h, tell }
}

async function expectRescue(h: Home, callback: string, reason: RegExp): Promise<void> {
  const haltedAtUs = h.of("halt")[0]!.atUs
  expect(h.of("halt")).toEqual([expect.objectContaining({ device: "looper", callback, reason: expect.stringMatching(reason) })])
  expect(h.house.device("looper").chip.state).toBe("halted")
  const before = readings(h).length
  await h.house.advance({ us: (WATCHDOG_S + 1) * 1e6 })
  const [, again] = h.of("boot", "looper")
  expect(again).toMatchObject({ boots: 2, reason: "watchdog" })
  expect((again!.atUs - haltedAtUs) / 1e6).toBeLessThanOrEqual(WATCHDOG_S)
  expect(readings(h)).toHaveLength(before + 4) // the other board goes on
  expect(h.of("boot", "climate")).toHaveLength(1)
  await untilOnline(h, "10s")
}

describe("a program that never returns is named, and its watchdog starts it again in house time", () => {
  // 2 s of host time: what the house gives one callback.
  test("a loop that does not touch the chip, in a timer", async () => {
    const h = await homeWithLooper()
    await h.tell("spin later")
    await expectRescue(h, "timer", /no return within 2000 ms/)
    await h.tell("as before")
    expect(h.logs("looper").at(-1)).toBe("did as before after 0 turns")
  })

  test("a loop of calls into the chip, in a message handler", async () => {
    const h = await homeWithLooper()
    await h.tell("call for ever")
    await expectRescue(h, "data", /calls into the chip without returning/)
  })

  test("the broker learns by keep-alive that the board hangs", async () => {
    const h = await homeWithLooper()
    await h.tell("call for ever")
    await h.house.advance("95s")
    const drops = h.of("mqtt").filter(({ action }) => action === "drop")
    expect(drops).toEqual([expect.objectContaining({ client: expect.stringMatching(/^looper-/), reason: "keep-alive expired" })])
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
