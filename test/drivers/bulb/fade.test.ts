import { beforeEach, describe, expect, test } from "vitest"
import { fade, share } from "../../../src/drivers/bulb/fade"
import { FakeClock } from "../../fakes/clock"

let clock: FakeClock
let shown: number[][]
let start: (target: number[], transitionMs: number | undefined) => void
const level = [0, 0]

beforeEach(() => {
  clock = new FakeClock(500)
  shown = []
  level.fill(0)
  start = fade(level, clock, (light, i) => {
    if (i) shown[shown.length - 1]!.push(light)
    else shown.push([light])
  })
})

describe("fade", () => {
  test("shows what it begins with, and sleeps", () => {
    expect([shown, clock.nextInMs()]).toEqual([[[0, 0]], undefined])
  })

  test("moves all channels evenly in steps of 40 ms, and shows their light", () => {
    start([1, 0.5], 80)
    clock.advance(1000)
    // 0.5 of lightness is 0.5 ^ 2.2 of light.
    expect(shown.map(([first]) => first)).toEqual([0, 0, expect.closeTo(0.21764, 5), 1])
    expect(shown[3]![1]).toBeCloseTo(0.21764, 5)
    expect(clock.nextInMs()).toBeUndefined()
  })

  test("a late step shows where the fade should be, and the next call goes on from there", () => {
    start([1, 1], 1000)
    clock.block(250)
    clock.advance(0)
    expect(level[0]).toBeCloseTo(0.25)
    start([0, 0], 1000)
    expect(level[0]).toBeCloseTo(0.25)
    clock.advance(1000)
    expect(level).toEqual([0, 0])
  })

  test("arrives exactly after many uneven steps", () => {
    start([0.3, 0.7], 10_000)
    for (let i = 0; i < 400; i++) clock.advance(i % 50)
    clock.advance(10_000)
    expect(level[0]).toBeCloseTo(0.3, 12)
    expect(level[1]).toBeCloseTo(0.7, 12)
  })
})

test.each([
  [0, 0],
  [255, 1],
  [51, 0.2],
  [-1, 0],
  [256, 1],
  [NaN, 0],
  [Infinity, 1],
])("level %d is a share of %d", (value, expected) => expect(share(value)).toBe(expected))
