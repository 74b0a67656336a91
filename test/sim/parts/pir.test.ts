import { describe, expect, test } from "vitest"
import { Pir } from "../../../sim/parts/pir"
import { bench } from "./bench"

const SECOND = 1_000_000

function pir(options: Record<string, number | boolean> = {}, seed = 1) {
  const table = bench(seed, undefined, { holdS: 5, ...options })
  const part = new Pir(table.place)
  const edges = table.record("out")
  part.powerOn()
  const settle = () => {
    table.clock.advance(61 * SECOND)
    edges.length = 0
  }
  return { ...table, part, edges, settle, level: () => table.net("out").level }
}

describe("in the minute after power-on", () => {
  test("is deaf, and pulses up to three times by the seed", () => {
    const pulses = Array.from({ length: 12 }, (_, seed) => {
      const { part, edges, clock } = pir({}, seed)
      for (let s = 0; s < 59; s++) {
        part.move()
        clock.advance(SECOND)
      }
      return edges.filter(({ level }) => level === 1).length
    })
    expect(Math.max(...pulses)).toBeLessThanOrEqual(3)
    expect(new Set(pulses).size).toBeGreaterThan(1)
  })

  test("is over after it: quiet and awake", () => {
    const { part, settle, level, clock } = pir()
    settle()
    expect(level()).toBe(0)
    part.move()
    clock.advance(1)
    expect(level()).toBe(1)
  })
})

describe("motion", () => {
  test("makes the output high for the hold time, and then it is deaf for 2.5 s", () => {
    const { part, settle, level, clock } = pir()
    settle()
    part.move()
    clock.advance(5 * SECOND - 1)
    expect(level()).toBe(1)
    clock.advance(1)
    expect(level()).toBe(0)
    clock.advance(2.5 * SECOND - 1)
    part.move()
    expect(level()).toBe(0)
    clock.advance(1)
    part.move()
    expect(level()).toBe(1)
  })

  test("while it is high holds it anew, as the jumper H has it", () => {
    const { part, settle, level, clock } = pir()
    settle()
    part.move()
    clock.advance(4 * SECOND)
    part.move()
    clock.advance(4.9 * SECOND)
    expect(level()).toBe(1)
    clock.advance(0.1 * SECOND)
    expect(level()).toBe(0)
  })

  test("while it is high counts not with the jumper at L", () => {
    const { part, settle, level, clock } = pir({ retriggers: false })
    settle()
    part.move()
    clock.advance(4 * SECOND)
    part.move()
    clock.advance(1 * SECOND)
    expect(level()).toBe(0)
  })
})

test("tells what it sees, and nothing when it is missing or without power", () => {
  const { part, settle, told, net, clock } = pir()
  settle()
  part.move()
  expect([told.at(-1), part.values()]).toEqual(["sees motion", { motion: 1 }])
  part.powerOff()
  expect(net("out").state).toBe("float")
  part.move()
  expect(part.values()).toEqual({ motion: 0 })
  part.powerOn()
  clock.advance(70 * SECOND)
  part.faults.missing = true
  part.move()
  expect(part.values()).toEqual({ motion: 0 })
})

test("leaves its wire alone from the moment it goes missing, and drives it again once it is back", () => {
  const { part, settle, told, net, clock } = pir()
  settle()
  part.faults.missing = true
  expect(net("out").state).toBe("float")
  part.faults.missing = false
  expect(net("out").state).toBe("low")
  part.move()
  part.faults.missing = true
  const before = told.length
  clock.advance(10 * SECOND)
  expect(told.length).toBe(before)
})

test("a wire that is stuck says nothing of motion", () => {
  const { part, settle, level } = pir()
  settle()
  part.faults.stuckHigh = true
  expect(level()).toBe(0) // two outputs against each other read low
  part.faults.stuckHigh = false
  part.faults.stuckLow = true
  part.move()
  expect(level()).toBe(0)
})
