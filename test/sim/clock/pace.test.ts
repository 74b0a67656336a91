import { expect, test } from "vitest"
import { Clock } from "../../../sim/clock/clock"
import { pace, turnFast } from "../../../sim/clock/pace"

/** Turns at most `sliceUs` at a time. */
function turnable(sliceUs = Infinity) {
  const clock = new Clock()
  return {
    clock,
    get nowUs() {
      return clock.nowUs
    },
    turn: (untilUs: number) => clock.runUntil(Math.min(untilUs, clock.nowUs + sliceUs)) && clock.nowUs >= untilUs,
  }
}

test("fast: turns slice after slice until the end", async () => {
  const house = turnable(100)
  await turnFast(house, 1000)
  expect(house.nowUs).toBe(1000)
})

test("fast: stops when aborted", async () => {
  const house = turnable(1)
  const controller = new AbortController()
  house.clock.at(5, () => controller.abort())
  await turnFast(house, Infinity, controller.signal)
  expect(house.nowUs).toBe(5)
})

test("paced: house time follows host time at the speed asked for", async () => {
  const house = turnable()
  const startedMs = performance.now()
  await pace(house, { speed: 100, untilUs: 1_000_000, tickMs: 1 })
  expect(house.nowUs).toBe(1_000_000)
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(9.9)
})

test("paced: stops when aborted, between two alarms", async () => {
  const house = turnable()
  const controller = new AbortController()
  house.clock.at(2_000, () => controller.abort())
  await pace(house, { speed: 1, signal: controller.signal, tickMs: 1 })
  expect(house.nowUs).toBeGreaterThanOrEqual(2_000)
})
