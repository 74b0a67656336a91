import { beforeEach, describe, expect, test } from "vitest"
import { createGuard, type Guard } from "../../src/device/guard"
import { createLoop } from "../../src/device/loop"
import type { Session } from "../../src/mqtt/parts"
import { keepInMemory } from "../../src/mqtt/persistence"
import { FakeChip } from "../fakes/chip"

let chip: FakeChip
let guard: Guard
let pending: number
let dropped: number
/** "goodbye" and "reboot" with their times since the start, in s. */
let leaving: string[]
let startMs: number

beforeEach(() => start())

function start(_store?: Session["_store"]): void {
  chip = new FakeChip()
  pending = 0
  dropped = 0
  leaving = []
  startMs = chip.nowMs()
  const note = (what: string) => () => void leaving.push(`${what} ${(chip.nowMs() - startMs) / 1000}`)
  const rebootNoted = note("reboot")
  chip.reboot = () => {
    rebootNoted()
    chip.loseTimers()
  }
  const queue = {
    pending: () => pending,
    get dropped() {
      return dropped
    },
    _store,
  }
  guard = createGuard(chip, createLoop(chip), queue, note("goodbye"))
}

const RESTARTING = "warn restarting: "

describe("guard", () => {
  test("keeps the watchdog quiet while the loop runs", () => {
    chip.clock.advance(3_600_000)
    expect([chip.watchdogBites, leaving, chip.lines]).toEqual([0, [], []])
  })

  test("lets the watchdog bite when the loop is gone", () => {
    chip.clock.advance(10_000)
    chip.loseTimers()
    chip.clock.advance(180_000)
    expect(chip.watchdogBites).toBe(1)
  })

  test.each(["MEMORY", "CALLBACK"])("restarts within two looks when %s is raised", (flag) => {
    chip.clock.advance(12_000)
    chip.flags.push("FIFO_FULL", flag)
    chip.clock.advance(8_000)
    expect(chip.lines).toEqual([`${RESTARTING}out of memory`])
    expect(leaving).toEqual(["goodbye 15", "reboot 15.3"])
  })

  test("looks at once when a fault is told, and has its flag down for the next one", () => {
    chip.clock.advance(12_000)
    pending = 1
    chip.runOutOfMemory()
    expect([chip.lines, chip.flags]).toEqual([[`${RESTARTING}out of memory`], []])
  })

  test("bears the flags that lose nothing", () => {
    chip.flags.push("FIFO_FULL", "BUFFER_FULL", "UART_OVERFLOW", "LOW_MEMORY")
    chip.clock.advance(60_000)
    expect([chip.lines, leaving]).toEqual([[], []])
  })

  test("restarts when blocks run short, and not while there are enough for a reconnect", () => {
    chip.blocks = 250
    chip.clock.advance(60_000)
    expect(leaving).toEqual([])
    chip.blocks = 249
    chip.clock.advance(10_000)
    expect(leaving).toEqual(["goodbye 65", "reboot 65.3"])
  })

  test("lets DISCONNECT leave the chip: says goodbye 300 ms before the reboot", () => {
    guard.restart("told to")
    chip.clock.advance(0)
    expect(leaving).toEqual(["goodbye 0"])
    chip.clock.advance(299)
    expect(leaving).toHaveLength(1)
    chip.clock.advance(1)
    expect(leaving).toEqual(["goodbye 0", "reboot 0.3"])
  })

  test("counts as lost what was accepted after the goodbye, and what the full queue gave up", () => {
    guard.restart("told to")
    chip.clock.advance(100)
    pending = 1
    dropped = 2
    chip.clock.advance(300)
    expect(chip.lines).toEqual([`${RESTARTING}told to`, "warn 3 messages lost"])
  })

  test("waits for acknowledgements before an orderly restart", () => {
    pending = 2
    guard.restart("settings changed")
    chip.clock.advance(60_000)
    expect([chip.lines, leaving]).toEqual([[`${RESTARTING}settings changed`], []])
    pending = 0
    chip.clock.advance(10_000)
    expect(leaving).toEqual(["goodbye 65", "reboot 65.3"])
  })

  test("says how many messages are lost when they never come, after 150 s and two looks at most", () => {
    pending = 3
    guard.restart("told to")
    chip.clock.advance(160_000)
    expect(chip.lines).toEqual([`${RESTARTING}told to`, "warn 3 messages lost"])
    expect(leaving.map((line) => line.split(" ")[0])).toEqual(["goodbye", "reboot"])
    expect(chip.watchdogBites).toBe(0)
  })

  test("tells the first reason only, and does not start its wait anew", () => {
    pending = 1
    guard.restart("first")
    chip.clock.advance(100_000)
    guard.restart("second")
    chip.flags.push("MEMORY")
    chip.clock.advance(60_000)
    expect(chip.lines[0]).toBe(`${RESTARTING}first`)
    expect(chip.lines.filter((line) => line.startsWith(RESTARTING))).toHaveLength(1)
    expect(leaving[1]).toMatch(/^reboot 1[56]/)
  })
})

describe("guard of a program whose messages survive a power loss", () => {
  test("restarts in good order when Storage runs short, and not before", () => {
    let isLow = false
    start({ ...keepInMemory(), isLow: () => isLow })
    chip.clock.advance(60_000)
    expect(leaving).toEqual([])
    isLow = true
    pending = 1
    chip.clock.advance(20_000)
    expect([chip.lines, leaving]).toEqual([[`${RESTARTING}Storage is nearly full`], []])
    pending = 0
    chip.clock.advance(10_000)
    expect(leaving).toEqual(["goodbye 85", "reboot 85.3"])
  })

  test("restarts for other reasons with hooks that know no shortage", () => {
    start(keepInMemory())
    chip.clock.advance(60_000)
    expect(leaving).toEqual([])
    guard.restart("told to")
    chip.clock.advance(10_000)
    expect(leaving).toEqual(["goodbye 65", "reboot 65.3"])
  })

  test("counts only what gave way as lost: what waits is sent after the restart", () => {
    start(keepInMemory())
    guard.restart("told to")
    chip.clock.advance(100)
    pending = 1
    dropped = 2
    chip.clock.advance(300)
    expect(chip.lines).toEqual([`${RESTARTING}told to`, "warn 2 messages lost"])
  })
})
