import { describe, expect, test } from "vitest"
import { FakeChip } from "./chip"

describe("fake chip", () => {
  test("calls a timer once, and one that was disarmed never", () => {
    const chip = new FakeChip()
    const rung: string[] = []
    chip.arm(() => rung.push("kept"), 5)
    const gone = chip.arm(() => rung.push("gone"), 5)
    chip.disarm(gone)
    chip.disarm(gone)
    expect(chip.timerCount()).toBe(1)
    chip.clock.advance(50)
    expect([rung, chip.timerCount()]).toEqual([["kept"], 0])
  })

  test("fails on a handle that never was", () => {
    expect(() => new FakeChip().disarm(undefined as never)).toThrow("firmware throws")
  })

  test("survives an exception in a timer and remembers it", () => {
    const chip = new FakeChip()
    chip.arm(() => {
      throw new Error("oops")
    }, 1)
    chip.clock.advance(1)
    expect(chip.uncaught).toEqual(["oops"])
  })

  test("has a watchdog that bites when nobody kicks it, and not before it was started", () => {
    const chip = new FakeChip()
    chip.feedWatchdog()
    chip.clock.advance(1e6)
    chip.startWatchdog(10)
    chip.clock.advance(9_999)
    chip.feedWatchdog()
    chip.clock.advance(9_999)
    expect(chip.watchdogBites).toBe(0)
    chip.clock.advance(1)
    expect(chip.watchdogBites).toBe(1)
  })

  test("clears its flags by reading them", () => {
    const chip = new FakeChip()
    chip.flags.push("MEMORY")
    expect([chip.errorFlags(), chip.errorFlags()]).toEqual([["MEMORY"], []])
  })

  test("loses its timers when told to", () => {
    const chip = new FakeChip()
    chip.arm(() => chip.log("rung"), 1)
    chip.loseTimers()
    chip.clock.advance(5)
    expect(chip.lines).toEqual([])
  })

  test("raises the flag and tells those who asked when memory runs out", () => {
    const chip = new FakeChip()
    chip.onFault(() => chip.log("told"))
    chip.runOutOfMemory()
    expect([chip.errorFlags(), chip.lines]).toEqual([["MEMORY"], ["log told"]])
  })
})
