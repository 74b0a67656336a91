import { beforeEach, describe, expect, test } from "vitest"
import { bulbWhite, type WhiteBulb } from "../../src/drivers/bulb-white"
import { FakeClock } from "../fakes/clock"
import { FakePwm } from "../fakes/pins"

let clock: FakeClock
let warm: FakePwm
let cold: FakePwm
let bulb: WhiteBulb
const light = (level: number) => (level / 255) ** 2.2

beforeEach(() => {
  clock = new FakeClock()
  warm = new FakePwm()
  cold = new FakePwm()
  bulb = bulbWhite(warm, cold, 2700, 6500, clock)
})

describe("tunable white", () => {
  test("is dark from the first moment", () => expect([warm.duty, cold.duty]).toEqual([0, 0]))

  test.each([
    [2700, 0],
    [6500, 1],
    // 370.37 mired warm, 153.85 cold: the middle is 262.11 mired, which is 3815 K.
    [1e6 / 262.108, 0.5],
    [2000, 0],
    [9000, 1],
    // 250 mired.
    [4000, (370.37 - 250) / (370.37 - 153.846)],
    [NaN, 0],
    [0, 0],
  ])("%d K is cold to a share of %d", (kelvin, share) => {
    bulb.set(kelvin, 255, 0)
    expect(cold.duty).toBeCloseTo(share, 4)
    expect(warm.duty).toBeCloseTo(1 - share, 4)
  })

  test("gives the same light at each kelvin", () => {
    for (let kelvin = 2000; kelvin <= 7000; kelvin += 100) {
      bulb.set(kelvin, 180, 0)
      expect(warm.duty + cold.duty).toBeCloseTo(light(180), 12)
    }
  })

  test("keeps its light while it moves from warm to cold", () => {
    bulb.set(2700, 255, 0)
    bulb.set(6500, 255, 1000)
    for (let i = 0; i < 25; i++) {
      clock.advance(40)
      expect(warm.duty + cold.duty).toBeCloseTo(1, 12)
    }
    expect(cold.duty).toBe(1)
  })

  test("dims without a change of colour, and takes over without a jump", () => {
    bulb.set(4000, 255, 0)
    const share = cold.duty
    bulb.set(4000, 0, 1000)
    clock.advance(520)
    expect(cold.duty / (warm.duty + cold.duty)).toBeCloseTo(share, 9)
    const before = [warm.duty, cold.duty]
    bulb.set(2700, 255, 1000)
    expect([warm.duty, cold.duty]).toEqual(before)
  })
})
