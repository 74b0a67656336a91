import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { hostClock } from "../../tools/mqtt/clock"

describe("the host's clock", () => {
  let rung: number
  const ring = () => rung++

  beforeEach(() => {
    rung = 0
    vi.useFakeTimers()
  })
  afterEach(() => void vi.useRealTimers())

  test("counts milliseconds, and goes on when the date is put back", () => {
    const beforeMs = hostClock.nowMs()
    vi.setSystemTime(0)
    vi.advanceTimersByTime(250)
    expect(hostClock.nowMs() - beforeMs).toBe(250)
  })

  test("rings once, and never inside set", () => {
    const alarm = hostClock.alarm(ring)
    alarm.set(0)
    expect(rung).toBe(0)
    vi.advanceTimersByTime(1000)
    expect(rung).toBe(1)
  })

  test("moves an alarm that is set again, and forgets one that is cleared", () => {
    const alarm = hostClock.alarm(ring)
    alarm.set(100)
    alarm.set(300)
    vi.advanceTimersByTime(299)
    expect(rung).toBe(0)
    vi.advanceTimersByTime(1)
    expect(rung).toBe(1)
    alarm.set(100)
    alarm.clear()
    alarm.clear()
    vi.advanceTimersByTime(1000)
    expect(rung).toBe(1)
  })

  test("is not confused by an alarm that sets itself", () => {
    const alarm = hostClock.alarm(() => {
      ring()
      alarm.set(10)
    })
    alarm.set(10)
    vi.advanceTimersByTime(35)
    expect(rung).toBe(3)
  })

  test("takes more than Node's longest timeout for that, and not for nothing", () => {
    const set = vi.spyOn(globalThis, "setTimeout")
    hostClock.alarm(ring).set(1e12)
    expect(set.mock.calls[0]![1]).toBe(2 ** 31 - 1)
  })
})
