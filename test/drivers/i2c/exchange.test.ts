import { beforeEach, describe, expect, test } from "vitest"
import { exchange, type Sensor } from "../../../src/drivers/i2c/exchange"
import { E_BUSY, E_CHECKSUM, E_NO_ANSWER } from "../../../src/drivers/errors"
import { FakeClock } from "../../fakes/clock"

type Done = (error: number) => void

let clock: FakeClock
let steps: string[]
let results: number[]
let told: number[]
let sensor: Sensor<Done>

const done: Done = (error) => void told.push(error)

beforeEach(() => {
  clock = new FakeClock(100)
  ;[steps, results, told] = [[], [], []]
  sensor = exchange<Done>(
    clock,
    (nth) => {
      steps.push(`${nth} at ${clock.nowMs()}`)
      const result = results.shift()
      if (result === undefined) throw new Error("a step too many")
      return result
    },
    (to, error) => to(error),
  )
})

describe("an exchange", () => {
  test("goes from step to step by alarm, as long as there is something to wait for", () => {
    results = [10, 5, 0]
    expect([sensor.sample(done), steps]).toEqual([0, []])
    clock.advance(100)
    expect([steps, told]).toEqual([["0 at 100", "1 at 110", "2 at 115"], [0]])
    expect(clock.nextInMs()).toBeUndefined()
  })

  test("is busy from the call to the answer, without telling anybody", () => {
    results = [10, 0, 0]
    sensor.sample(done)
    expect(sensor.sample(done)).toBe(E_BUSY)
    clock.advance(5)
    expect([sensor.sample(done), told]).toEqual([E_BUSY, []])
    clock.advance(5)
    expect([told, sensor.sample(done)]).toEqual([[0], 0])
  })

  test("begins again after an error, 20 ms later", () => {
    results = [10, E_CHECKSUM, E_NO_ANSWER, 10, 0]
    sensor.sample(done)
    clock.advance(1000)
    expect(steps).toEqual(["0 at 100", "1 at 110", "0 at 130", "0 at 150", "1 at 160"])
    expect(told).toEqual([0])
  })

  test("tells the error of its third attempt, once, and is free again", () => {
    results = [E_CHECKSUM, E_CHECKSUM, 10, E_NO_ANSWER, 0]
    sensor.sample(done)
    clock.advance(1000)
    expect([told, steps.length, clock.nextInMs()]).toEqual([[E_NO_ANSWER], 4, undefined])
    expect(sensor.sample(done)).toBe(0)
    clock.advance(0)
    expect(told).toEqual([E_NO_ANSWER, 0])
  })

  test("may be asked again from inside its answer, whose end is not awaited", () => {
    results = [0, 0]
    let isSecond = false
    const again: Done = (error) => {
      told.push(error)
      if (!isSecond) told.push(sensor.sample(again))
      isSecond = true
    }
    sensor.sample(again)
    clock.advance(0)
    clock.advance(0)
    expect(told).toEqual([0, 0, 0])
  })
})
