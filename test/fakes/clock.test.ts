import { describe, expect, test } from "vitest"
import { FakeClock } from "./clock"

describe("fake clock", () => {
  test("rings alarms in time order and shows each its own time", () => {
    const clock = new FakeClock(1000)
    const rung: string[] = []
    clock.alarm(() => rung.push(`late ${clock.nowMs()}`)).set(20)
    clock.alarm(() => rung.push(`early ${clock.nowMs()}`)).set(10)
    clock.advance(30)
    expect(rung).toEqual(["early 1010", "late 1020"])
    expect(clock.nowMs()).toBe(1030)
  })

  test("rings ties in the order they were set", () => {
    const clock = new FakeClock()
    const rung: number[] = []
    const first = clock.alarm(() => rung.push(1))
    const second = clock.alarm(() => rung.push(2))
    second.set(5)
    first.set(5)
    clock.advance(5)
    expect(rung).toEqual([2, 1])
  })

  test("moves an alarm that is set again, and forgets one that is cleared", () => {
    const clock = new FakeClock()
    const rung: number[] = []
    const moved = clock.alarm(() => rung.push(clock.nowMs()))
    const gone = clock.alarm(() => rung.push(-1))
    moved.set(5)
    moved.set(9)
    gone.set(1)
    gone.clear()
    expect(clock.nextInMs()).toBe(9)
    clock.advance(20)
    expect(rung).toEqual([9])
    expect(clock.nextInMs()).toBeUndefined()
  })

  test("lets a ringing alarm set itself again within the same advance", () => {
    const clock = new FakeClock()
    let count = 0
    const alarm = clock.alarm(() => ++count < 4 && alarm.set(10))
    alarm.set(10)
    clock.advance(100)
    expect(count).toBe(4)
  })

  test("rings late, at the later time, after the chip was blocked", () => {
    const clock = new FakeClock()
    let atMs = 0
    clock.alarm(() => (atMs = clock.nowMs())).set(5)
    clock.block(50)
    expect(atMs).toBe(0)
    clock.advance(0)
    expect(atMs).toBe(50)
  })

  test.each([-1, NaN])("refuses to move by %d ms, and to set an alarm so", (ms) => {
    const clock = new FakeClock()
    expect(() => clock.advance(ms)).toThrow("cannot move")
    expect(() => clock.block(ms)).toThrow("cannot move")
    expect(() => clock.alarm(() => undefined).set(ms)).toThrow("was set to")
  })

  test("refuses to be turned from inside an alarm", () => {
    const clock = new FakeClock()
    clock.alarm(() => clock.advance(1)).set(1)
    expect(() => clock.advance(5)).toThrow("inside an alarm")
    clock.advance(1)
  })

  test("stops alarms that ring forever at one moment", () => {
    const clock = new FakeClock()
    const alarm = clock.alarm(() => alarm.set(0))
    alarm.set(0)
    expect(() => clock.advance(1)).toThrow("without end")
  })
})
