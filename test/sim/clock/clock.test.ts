import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { Clock } from "../../../sim/clock/clock"

describe("clock", () => {
  test("fires alarms in time order, and ties in the order of their creation", () => {
    const clock = new Clock()
    const fired: string[] = []
    clock.at(20, () => fired.push("late"))
    clock.at(10, () => fired.push("first of two"))
    clock.at(10, () => fired.push("second of two"))
    clock.advance(20)
    expect(fired).toEqual(["first of two", "second of two", "late"])
  })

  test("shows an alarm its own time, and everybody the time asked for afterwards", () => {
    const clock = new Clock()
    let seenUs = -1
    clock.after(30, () => (seenUs = clock.nowUs))
    clock.runUntil(100)
    expect([seenUs, clock.nowUs]).toEqual([30, 100])
  })

  test("does not fire a cancelled alarm, and cancelling twice or after firing is harmless", () => {
    const clock = new Clock()
    let count = 0
    const gone = clock.after(5, () => count++)
    const fired = clock.after(6, () => count++)
    clock.cancel(gone)
    clock.cancel(gone)
    clock.advance(10)
    clock.cancel(fired)
    clock.cancel(undefined)
    expect(count).toBe(1)
  })

  test("runs an alarm for the past now, but never inside the call that made it", () => {
    const clock = new Clock()
    clock.advance(100)
    let ranAtUs = -1
    clock.at(50, () => (ranAtUs = clock.nowUs))
    expect(ranAtUs).toBe(-1)
    clock.advance(0)
    expect(ranAtUs).toBe(100)
  })

  test("keeps whole microseconds", () => {
    const clock = new Clock()
    expect(clock.after(1.4, () => undefined).atUs).toBe(1)
    expect(clock.after(1.6, () => undefined).atUs).toBe(2)
  })

  test("stops between alarms when told to, and goes on from there", () => {
    const clock = new Clock()
    let count = 0
    for (let i = 0; i < 200; i++) clock.at(i, () => count++)
    expect(clock.runUntil(1000, () => false)).toBe(false)
    expect([count, clock.nowUs]).toEqual([64, 63])
    expect(clock.runUntil(1000)).toBe(true)
    expect([count, clock.nowUs]).toEqual([200, 1000])
  })

  test("agrees with a sorted list under any mix of creation and cancellation", () => {
    const plan = fc.array(fc.record({ atUs: fc.nat(50), isCancelled: fc.boolean() }), { maxLength: 60 })
    fc.assert(
      fc.property(plan, (steps) => {
        const clock = new Clock()
        const fired: number[] = []
        const alarms = steps.map((step, i) => clock.at(step.atUs, () => fired.push(i)))
        steps.forEach((step, i) => step.isCancelled && clock.cancel(alarms[i]))
        clock.runUntil(100)
        const left = steps.map((step, i) => ({ ...step, i })).filter((step) => !step.isCancelled)
        expect(fired).toEqual(left.sort((a, b) => a.atUs - b.atUs || a.i - b.i).map((step) => step.i))
      }),
    )
  })
})
