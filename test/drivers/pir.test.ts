import { beforeEach, describe, expect, test } from "vitest"
import { pir, type Pir } from "../../src/drivers/pir"
import { FakeClock } from "../fakes/clock"
import { FakeInput } from "../fakes/pins"

const HOLD_MS = 30_000
let clock: FakeClock
let pin: FakeInput
let sensor: Pir
let told: string[]

beforeEach(() => {
  clock = new FakeClock()
  pin = new FakeInput(false)
  told = []
  sensor = pir(pin, clock, HOLD_MS, (isMoving) => told.push(`${isMoving} ${clock.nowMs()}`))
})

describe("in the first minute", () => {
  test("nothing is told, whatever the output does", () => {
    for (let i = 0; i < 5; i++) {
      pin.move(true)
      clock.advance(3000)
      pin.move(false)
      clock.advance(3000)
    }
    clock.advance(200_000)
    expect([told, sensor.isMoving()]).toEqual([[], false])
  })

  test("motion that lasts beyond it is told at its end", () => {
    clock.advance(50_000)
    pin.move(true)
    clock.advance(20_000)
    expect(told).toEqual(["true 60000"])
  })
})

describe("afterwards", () => {
  beforeEach(() => clock.advance(60_000))

  test("motion is told at once, and its end when it was still for so long", () => {
    pin.move(true)
    expect([told, sensor.isMoving()]).toEqual([["true 60000"], true])
    clock.advance(5000)
    pin.move(false)
    clock.advance(HOLD_MS - 1)
    expect(told).toHaveLength(1)
    clock.advance(1)
    expect([told[1], sensor.isMoving()]).toEqual(["false 95000", false])
    expect(clock.nextInMs()).toBeUndefined()
  })

  test("motion again before that is the same motion", () => {
    for (let i = 0; i < 10; i++) {
      pin.move(true)
      clock.advance(3000)
      pin.move(false)
      clock.advance(HOLD_MS - 1000)
    }
    expect(told).toEqual(["true 60000"])
    clock.advance(1000)
    expect(told).toEqual(["true 60000", "false 381000"])
  })

  test("an output that stays high is motion for as long, and its timer is gone", () => {
    pin.move(true)
    pin.move(false)
    pin.move(true)
    clock.advance(10 * HOLD_MS)
    expect(told).toEqual(["true 60000"])
  })

  test("a fall without motion before it means nothing", () => {
    pin.move(false)
    clock.advance(2 * HOLD_MS)
    expect(told).toEqual([])
  })
})
