import fc from "fast-check"
import { beforeEach, describe, expect, test } from "vitest"
import { createLoop, type Loop } from "../../src/device/loop"
import { FakeChip } from "../fakes/chip"

let chip: FakeChip
let loop: Loop
let startMs: number
let rung: string[]

beforeEach(() => {
  chip = new FakeChip()
  loop = createLoop(chip)
  startMs = chip.nowMs()
  rung = []
})

/** Notes name and time since the start, in ms. */
const note = (name: string) => () => void rung.push(`${name} ${chip.nowMs() - startMs}`)
const fail = (name: string) => () => {
  note(name)()
  throw new Error(name)
}

describe("alarms of the loop", () => {
  test("ring once, at their time, never inside the call that sets them", () => {
    const alarm = loop.alarm(note("a"))
    alarm.set(0)
    expect(rung).toEqual([])
    chip.clock.advance(0)
    alarm.set(1500)
    chip.clock.advance(10_000)
    expect(rung).toEqual(["a 0", "a 1500"])
  })

  test("can be moved, brought forward and cleared", () => {
    const later = loop.alarm(note("later"))
    const sooner = loop.alarm(note("sooner"))
    const gone = loop.alarm(note("gone"))
    later.set(100)
    sooner.set(5000)
    gone.set(50)
    later.set(300)
    sooner.set(200)
    gone.clear()
    chip.clock.advance(10_000)
    expect(rung).toEqual(["sooner 200", "later 300"])
  })

  test("hang on one timer, however many there are", () => {
    for (let i = 0; i < 20; i++) loop.alarm(note("a")).set(i * 10)
    chip.clock.advance(55)
    expect(chip.timerCount()).toBe(1)
  })

  test("may set and clear each other while they ring", () => {
    const second = loop.alarm(note("second"))
    const victim = loop.alarm(note("victim"))
    const first = loop.alarm(() => {
      note("first")()
      second.set(5)
      victim.clear()
    })
    first.set(10)
    victim.set(11)
    chip.clock.advance(100)
    expect(rung).toEqual(["first 10", "second 15"])
  })

  test("may be made while others ring", () => {
    loop.alarm(() => loop.alarm(note("child")).set(7)).set(3)
    chip.clock.advance(100)
    expect(rung).toEqual(["child 10"])
  })

  test("ring at exactly the time last set, in any mix of settings", () => {
    const step = fc.record({ which: fc.nat(4), inMs: fc.nat(3000), restMs: fc.nat(500) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        chip = new FakeChip()
        loop = createLoop(chip)
        const dueMs: number[] = []
        const late: number[] = []
        const alarms = [0, 1, 2, 3, 4].map((i) => loop.alarm(() => void late.push(chip.nowMs() - dueMs[i]!)))
        for (const { which, inMs, restMs } of steps) {
          dueMs[which] = chip.nowMs() + inMs
          alarms[which]!.set(inMs)
          chip.clock.advance(restMs)
        }
        chip.clock.advance(5000)
        expect(late.every((byMs) => byMs === 0)).toBe(true)
        expect(late.length).toBeGreaterThanOrEqual(new Set(steps.map(({ which }) => which)).size)
      }),
    )
  })
})

describe("every", () => {
  test("runs when the current callback is over and then each period, without drift", () => {
    loop.every(1000, note("a"))
    expect(rung).toEqual([])
    for (let i = 0; i < 35; i++) chip.clock.advance(97)
    expect(rung).toEqual(["a 0", "a 1000", "a 2000", "a 3000"])
  })

  test("does not drift when each turn comes a little late", () => {
    loop.every(1000, note("a"))
    for (let turn = 1; turn <= 5; turn++) {
      chip.clock.advance(turn * 1000 - 10 - (chip.nowMs() - startMs))
      chip.clock.block(17)
      chip.clock.advance(0)
    }
    expect(rung).toEqual(["a 0", "a 1007", "a 2007", "a 3007", "a 4007", "a 5007"])
  })

  test("makes up a long block by one turn, not by a burst", () => {
    loop.every(1000, note("a"))
    chip.clock.advance(0)
    chip.clock.block(100_000)
    chip.clock.advance(500)
    expect(rung.length).toBeLessThanOrEqual(3)
    const before = rung.length
    chip.clock.advance(10_000)
    expect(rung.length - before).toBe(10)
  })
})

describe("faults", () => {
  test("an alarm that throws is reported, and the others ring within a second", () => {
    const others = [loop.alarm(note("a")), loop.alarm(note("b"))]
    loop.alarm(fail("bad")).set(10)
    for (const other of others) other.set(10)
    chip.clock.advance(1010)
    expect(rung.map((line) => line.split(" ")[0]).sort()).toEqual(["a", "b", "bad"])
    expect(chip.uncaught).toEqual(["bad"])
  })

  test("an alarm that throws each time starves nobody, wherever it stands", () => {
    loop.every(5000, note("first"))
    loop.every(100, fail("bad"))
    loop.every(5000, note("last"))
    chip.clock.advance(30_000)
    const count = (name: string) => rung.filter((line) => line.startsWith(name)).length
    expect([count("first"), count("last")]).toEqual([7, 7])
    expect(count("bad")).toBeGreaterThan(20)
  })

  test("two that throw each time starve nobody either", () => {
    loop.every(100, fail("bad1"))
    loop.every(100, fail("bad2"))
    loop.every(1000, note("good"))
    chip.clock.advance(60_000)
    expect(rung.filter((line) => line.startsWith("good")).length).toBeGreaterThan(15)
  })

  test("a timer lost with a handler is made good as soon as the firmware tells", () => {
    loop.every(1000, note("a"))
    chip.clock.advance(0)
    chip.loseTimers()
    chip.runOutOfMemory()
    chip.clock.advance(1000)
    expect(rung).toEqual(["a 0", "a 1000"])
  })

  test("the timer is armed before anything runs", () => {
    const counts: number[] = []
    loop.alarm(() => counts.push(chip.timerCount())).set(5)
    chip.clock.advance(5)
    expect(counts).toEqual([1])
  })
})
