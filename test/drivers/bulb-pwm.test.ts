import fc from "fast-check"
import { beforeEach, describe, expect, test } from "vitest"
import { bulbPwm } from "../../src/drivers/bulb-pwm"
import type { ColourBulb } from "../../src/drivers/bulb/colour"
import { FakeClock } from "../fakes/clock"
import { FakePwm } from "../fakes/pins"

let clock: FakeClock
let pins: FakePwm[]
let bulb: ColourBulb

function make(): void {
  clock = new FakeClock(1000)
  pins = [new FakePwm(), new FakePwm(), new FakePwm()]
  bulb = bulbPwm(pins[0]!, pins[1]!, pins[2]!, clock)
}

const duties = () => pins.map((pin) => pin.duty)
/** Gamma 2.2, the usual display exponent. */
const light = (level: number) => (level / 255) ** 2.2

beforeEach(make)

describe("bulb", () => {
  test("is dark from the first moment", () => {
    expect(duties()).toEqual([0, 0, 0])
  })

  test.each([
    [
      [255, 255, 255, 255],
      [1, 1, 1],
    ],
    [
      [0, 0, 0, 255],
      [0, 0, 0],
    ],
    [
      [255, 255, 255, 0],
      [0, 0, 0],
    ],
    [
      [255, 0, 0, 255],
      [1, 0, 0],
    ],
    [
      [0, 255, 0, 128],
      [0, light(128), 0],
    ],
    [
      [128, 64, 0, 255],
      [light(128), light(64), 0],
    ],
    [
      [999, -5, 300, 9999],
      [1, 0, 1],
    ],
  ])("shows %j as %j at once when there is no transition", ([red, green, blue, brightness], expected) => {
    bulb.set(red!, green!, blue!, brightness!, 0)
    duties().forEach((duty, i) => expect(duty).toBeCloseTo(expected[i]!, 12))
    clock.advance(10_000)
    duties().forEach((duty, i) => expect(duty).toBeCloseTo(expected[i]!, 12))
  })

  test("fades in even steps of 40 ms and stops waking the chip", () => {
    bulb.set(255, 0, 0, 255, 400)
    expect(pins[0]!.duty).toBe(0)
    clock.advance(200)
    expect(pins[0]!.duty).toBeCloseTo(light(127.5), 9)
    clock.advance(200)
    expect(pins[0]!.duty).toBe(1)
    expect(pins[0]!.duties).toHaveLength(1 + 11)
    expect(clock.nextInMs()).toBeUndefined()
  })

  test("takes 400 ms unless told otherwise", () => {
    bulb.set(255, 255, 255, 255)
    clock.advance(399)
    expect(pins[0]!.duty).toBeLessThan(1)
    clock.advance(40)
    expect(pins[0]!.duty).toBe(1)
  })

  test("arrives exactly, also when the chip was blocked beyond the end", () => {
    bulb.set(255, 128, 0, 255, 400)
    clock.advance(100)
    clock.block(5000)
    clock.advance(0)
    expect(pins[0]!.duty).toBe(1)
    expect(pins[1]!.duty).toBeCloseTo(light(128), 12)
    expect(clock.nextInMs()).toBeUndefined()
  })

  test("a new colour takes over from what is shown, without a jump", () => {
    bulb.set(255, 0, 0, 255, 1000)
    clock.advance(520)
    const before = duties()
    bulb.set(0, 0, 255, 255, 1000)
    duties().forEach((duty, i) => expect(Math.abs(duty - before[i]!)).toBeLessThan(0.05))
    clock.advance(1000)
    expect(duties()).toEqual([0, 0, 1])
  })

  test("a change at once ends a transition for good", () => {
    bulb.set(255, 255, 255, 255, 1000)
    clock.advance(100)
    bulb.set(0, 0, 0, 0, 0)
    clock.advance(5000)
    expect(duties()).toEqual([0, 0, 0])
  })

  test.each([NaN, undefined as unknown as number])("takes %j for dark, and lives on", (nonsense) => {
    bulb.set(nonsense, 255, 255, 255, 0)
    expect(duties()).toEqual([0, 1, 1])
    bulb.set(255, 255, 255, nonsense, 100)
    clock.advance(120)
    expect(duties()).toEqual([0, 0, 0])
    bulb.set(255, 255, 255, 255, 0)
    expect(duties()).toEqual([1, 1, 1])
  })

  test("changes at once when told a time that is none", () => {
    for (const transitionMs of [-1, -1000, NaN]) {
      bulb.set(0, 0, 0, 0, 0)
      bulb.set(255, 255, 255, 255, transitionMs)
      expect([duties(), clock.nextInMs()]).toEqual([[1, 1, 1], undefined])
    }
  })

  test("never writes a duty the chip cannot make, and ends where it was told, after any calls", () => {
    const level = fc.double({ min: -50, max: 400, noNaN: true })
    const call = fc.tuple(
      level,
      level,
      level,
      level,
      fc.integer({ min: 0, max: 900 }),
      fc.integer({ min: 0, max: 1200 }),
    )
    const clip = (value: number) => Math.max(0, Math.min(255, value))
    fc.assert(
      fc.property(fc.array(call, { minLength: 1, maxLength: 8 }), (calls) => {
        make()
        for (const [red, green, blue, brightness, transitionMs, restMs] of calls) {
          bulb.set(red, green, blue, brightness, transitionMs)
          clock.advance(restMs)
        }
        clock.advance(1000)
        const last = calls[calls.length - 1]!
        duties().forEach((duty, i) => expect(duty).toBeCloseTo(light((clip(last[i]!) * clip(last[3])) / 255), 9))
      }),
    )
  })
})
