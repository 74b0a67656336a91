import { expect, test } from "vitest"
import { Random } from "../../../sim/clock/random"

const draw = (random: Random) => Array.from({ length: 5 }, () => random.next())

test("the same seed gives the same numbers", () => {
  expect(draw(new Random(3))).toEqual(draw(new Random(3)))
  expect(draw(new Random(3))).not.toEqual(draw(new Random(4)))
})

test("a split stream depends on the seed and its name, not on what others drew", () => {
  const first = new Random(3)
  const second = new Random(3)
  draw(second)
  second.split("another consumer")
  expect(draw(first.split("dht22"))).toEqual(draw(second.split("dht22")))
  expect(draw(first.split("dht22"))).not.toEqual(draw(first.split("button")))
})

test("numbers cover their range evenly enough", () => {
  const random = new Random(1)
  const buckets = Array.from({ length: 10 }, () => 0)
  for (let i = 0; i < 10_000; i++) buckets[random.below(10)]++
  expect(Math.min(...buckets)).toBeGreaterThan(900)
  expect(Math.max(...buckets)).toBeLessThan(1100)
})
