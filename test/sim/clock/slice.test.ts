import { expect, test } from "vitest"
import { runSlice } from "../../../sim/clock/slice"

test("runs the work", () => {
  let ran = false
  expect(runSlice(() => (ran = true), 1000)).toBe(true)
  expect(ran).toBe(true)
})

test("ends work that never returns, and works again afterwards", () => {
  let turns = 0
  const endless = () => {
    for (;;) turns++
  }
  expect(runSlice(endless, 20)).toBe(false)
  expect(turns).toBeGreaterThan(0)
  expect(runSlice(() => undefined, 1000)).toBe(true)
})

test("hands on an error of the work", () => {
  const broken = () => {
    throw new Error("of the house")
  }
  expect(() => runSlice(broken, 1000)).toThrow("of the house")
})
