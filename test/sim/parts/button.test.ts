import { expect, test } from "vitest"
import { Button } from "../../../sim/parts/button"
import { bench } from "./bench"

function button(seed = 1) {
  const table = bench(seed)
  const part = new Button(table.place)
  part.powerOn()
  table.clock.advance(1000)
  return { ...table, part, edges: table.record("contact") }
}

test("pulls its net low while it is held", () => {
  const { part, net, clock } = button()
  part.bounceMs = 0
  expect(net("contact").level).toBe(1)
  part.press(150)
  clock.advance(149_999)
  expect([net("contact").level, part.pressed]).toEqual([0, true])
  clock.advance(1)
  expect([net("contact").level, part.pressed]).toEqual([1, false])
})

test("bounces for a few milliseconds and then rests at the new level", () => {
  const { part, clock, edges, net } = button()
  part.pressed = true
  clock.advance(4_999)
  expect(edges.length).toBeGreaterThan(2)
  clock.advance(1)
  const settled = edges.length
  clock.advance(1_000_000)
  expect(edges).toHaveLength(settled)
  expect(net("contact").level).toBe(0)
})

test("bounces the same way for the same seed", () => {
  const bounce = (seed: number) => {
    const { part, clock, edges } = button(seed)
    part.press()
    clock.advance(1_000_000)
    return edges.map((edge) => edge.afterUs)
  }
  expect(bounce(3)).toEqual(bounce(3))
  expect(bounce(3)).not.toEqual(bounce(4))
})

test("setting what it is already changes nothing", () => {
  const { part, clock, edges } = button()
  part.pressed = false
  clock.advance(10_000)
  expect(edges).toHaveLength(0)
})
