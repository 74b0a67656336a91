import fc from "fast-check"
import { beforeEach, describe, expect, test } from "vitest"
import { timedRelay, type TimedRelay } from "../../src/drivers/timed-relay"
import { FakeClock } from "../fakes/clock"
import { FakeOutput } from "../fakes/pins"

const MIN_ON_MS = 60_000
const MIN_OFF_MS = 180_000
let clock: FakeClock
let pin: FakeOutput
let relay: TimedRelay
let switched: string[]

function make(): void {
  clock = new FakeClock(1000)
  pin = new FakeOutput(clock)
  switched = []
  relay = timedRelay(pin, clock, MIN_ON_MS, MIN_OFF_MS, (isOn) => switched.push(`${isOn} ${clock.nowMs()}`))
}
beforeEach(make)

describe("at boot", () => {
  test("is off, and stays off for the minimum: nobody knows when the power went", () => {
    expect([pin.writes, relay.isOn()]).toEqual([["off 1000"], false])
    expect(relay.set(true)).toBe(MIN_OFF_MS)
    clock.advance(MIN_OFF_MS - 1)
    expect(relay.isOn()).toBe(false)
    clock.advance(1)
    expect([relay.isOn(), switched]).toEqual([true, [`true ${1000 + MIN_OFF_MS}`]])
  })
})

describe("once the minimum has passed", () => {
  beforeEach(() => {
    clock.advance(MIN_OFF_MS)
    pin.writes.length = 0
  })

  test("switches within the call, and tells it by the result alone", () => {
    expect([relay.set(true), relay.isOn(), switched]).toEqual([0, true, []])
    expect(pin.writes).toEqual(["on 181000"])
    clock.advance(MIN_ON_MS)
    expect([relay.set(false), relay.isOn(), switched]).toEqual([0, false, []])
  })

  test("stays on for its minimum, however early it is told to go off", () => {
    relay.set(true)
    clock.advance(10_000)
    expect(relay.set(false)).toBe(MIN_ON_MS - 10_000)
    clock.advance(MIN_ON_MS)
    expect(pin.writes).toEqual(["on 181000", "off 241000"])
  })

  test("the newest wish wins", () => {
    relay.set(true)
    expect(relay.set(false)).toBe(MIN_ON_MS)
    expect(relay.set(true)).toBe(0)
    clock.advance(10 * MIN_OFF_MS)
    expect([pin.writes, switched]).toEqual([["on 181000"], []])
    expect(clock.nextInMs()).toBeUndefined()
  })

  test("a wish said again moves nothing", () => {
    relay.set(true)
    relay.set(false)
    clock.advance(30_000)
    expect(relay.set(false)).toBe(MIN_ON_MS - 30_000)
    clock.advance(30_000)
    expect(relay.isOn()).toBe(false)
  })
})

test("lives without anybody who listens", () => {
  const quiet = timedRelay(pin, clock, 0, 1000)
  quiet.set(true)
  clock.advance(1000)
  expect(quiet.isOn()).toBe(true)
})

test("never breaks a minimum and ends as wished, after any wishes", () => {
  const wishes = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 250_000 })), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(wishes, (all) => {
      make()
      for (const [isOn, restMs] of all) {
        relay.set(isOn)
        clock.advance(restMs)
      }
      clock.advance(MIN_OFF_MS)
      expect(relay.isOn()).toBe(all.at(-1)![0])
      const changes = pin.writes.map((line) => line.split(" ") as [string, string])
      changes.slice(1).forEach(([to, atMs], i) => {
        expect(changes[i]![0]).not.toBe(to)
        expect(Number(atMs) - Number(changes[i]![1])).toBeGreaterThanOrEqual(to === "on" ? MIN_OFF_MS : MIN_ON_MS)
      })
    }),
  )
})
