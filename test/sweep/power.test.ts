import { describe, expect, test } from "vitest"
import type { RigOptions, Way } from "./rig"
import { check, play } from "./scenario"

describe.each([4, 5] as const)("MQTT level %i, the power fails", (version) => {
  const whole = play({ version })
  const received2 = whole.published.filter(({ qos }) => qos === 2).length

  /** Plays each with the power failing; returns how many messages were lost between their id and their handler. */
  function sweep(plan: RigOptions[]): { lostInWindow: number; twice: number } {
    let lostInWindow = 0
    let twice = 0
    for (const options of plan) {
      const what = JSON.stringify(options)
      const rig = play(options)
      expect(rig.breaks, what).toBeGreaterThan(0)
      expect(rig.lives, what).toBe(rig.breaks + 1)
      check(rig, what)
      lostInWindow += rig.lostInWindow
      twice += rig.breaks - 1
    }
    return { lostInWindow, twice }
  }
  const atSteps = (from: number, behind: boolean) =>
    Array.from({ length: whole.storage.steps }, (_, steps) => ({ version, power: { steps: steps + from, behind } }))

  test("the sweep writes every kind of record, and moves from file to file", () => {
    expect(whole.storage.steps).toBeGreaterThan(500)
    expect(whole.storage.trashBytes).toBeGreaterThan(2 * 250)
  })

  test("before any byte of any write to Storage: nothing is lost at QoS 1, nothing lost or doubled at QoS 2", () => {
    expect(sweep(atSteps(0, false))).toEqual({ lostInWindow: 0, twice: 0 })
  })

  test("right behind any byte: the same, but for the one moment between a received id and its handler", () => {
    expect(sweep(atSteps(1, true))).toEqual({ lostInWindow: received2, twice: 0 })
  })

  test.each(["to the broker", "from the broker"] as Way[])("behind any byte %s: the same", (way) => {
    const bytes = Array.from({ length: whole.passed[way] }, (_, at) => at + 1)
    const plan = bytes.map((at) => ({ version, link: { way, bytes: at, kind: "power" as const } }))
    expect(sweep(plan)).toEqual({ lostInWindow: 0, twice: 0 })
  })

  test.each([false, true])(
    "again in the life after, at any byte of its first writes: the same (right behind: %s)",
    (behind) => {
      const plan = atSteps(behind ? 1 : 0, behind).map(({ power }) => ({
        version,
        power: { ...power, again: 1 + ((power.steps * 53) % 90) },
      }))
      // Behind the last writes there are not always so many more.
      expect(sweep(plan).twice).toBeGreaterThan(plan.length * 0.85)
    },
  )
})
