import { beforeEach, describe, expect, test } from "vitest"
import { button, type ButtonHandlers } from "../../src/drivers/button"
import { FakeClock } from "../fakes/clock"
import { FakeInput } from "../fakes/pins"

let clock: FakeClock
let pin: FakeInput
let told: string[]

function make(which: (keyof ButtonHandlers)[], isHigh = true): void {
  clock = new FakeClock()
  pin = new FakeInput(isHigh)
  told = []
  const all: Required<ButtonHandlers> = {
    onClick: () => void told.push(`click ${clock.nowMs()}`),
    onDoubleClick: () => void told.push(`double ${clock.nowMs()}`),
    onHold: (times) => void told.push(`hold ${times} ${clock.nowMs()}`),
  }
  button(pin, clock, Object.fromEntries(which.map((name) => [name, all[name]])))
}
function press(forMs: number, restMs = 0): void {
  pin.move(false)
  clock.advance(forMs)
  pin.move(true)
  clock.advance(restMs)
}
const ALL: (keyof ButtonHandlers)[] = ["onClick", "onDoubleClick", "onHold"]
beforeEach(() => make(ALL))

describe("a click", () => {
  test("is told once no second one can follow", () => {
    press(100, 10_000)
    expect(told).toEqual(["click 400"])
    expect(clock.nextInMs()).toBeUndefined()
  })

  test("is told as soon as the button is let go where nobody asks for double clicks", () => {
    make(["onClick", "onHold"])
    press(100, 1000)
    press(100, 50)
    press(100)
    expect(told).toEqual(["click 100", "click 1200", "click 1350"])
  })

  test("may last 599 ms", () => {
    press(599, 1000)
    expect(told).toEqual(["click 899"])
  })
})

describe("a double click", () => {
  test("is told when the button is let go again, and is no click", () => {
    press(100, 299)
    press(100, 10_000)
    expect(told).toEqual(["double 499"])
  })

  test("that is too slow is two clicks", () => {
    press(100, 300)
    press(100, 1000)
    expect(told).toEqual(["click 400", "click 800"])
  })

  test("is followed by a click of its own", () => {
    press(50, 100)
    press(50, 100)
    press(50, 1000)
    expect(told).toEqual(["double 200", "click 650"])
  })
})

describe("a button that is held", () => {
  test("is told after 600 ms, again every 200, and no more once it is let go", () => {
    press(1100, 10_000)
    expect(told).toEqual(["hold 0 600", "hold 1 800", "hold 2 1000"])
    expect(clock.nextInMs()).toBeUndefined()
  })

  test("counts from 0 each time, and leaves the next click alone", () => {
    press(700, 100)
    press(700, 100)
    press(100, 1000)
    expect(told).toEqual(["hold 0 600", "hold 0 1400", "click 2000"])
  })

  test("behind a click is held, and the click is lost", () => {
    press(100, 100)
    press(700, 1000)
    expect(told).toEqual(["hold 0 800"])
  })

  test("is no click where nobody asks for holding", () => {
    make(["onClick", "onDoubleClick"])
    press(5000, 1000)
    expect(told).toEqual([])
    press(100, 1000)
    expect(told).toEqual(["click 6400"])
  })
})

test("what is down at boot is no press", () => {
  make(ALL, false)
  clock.advance(5000)
  pin.move(true)
  clock.advance(5000)
  expect(told).toEqual([])
  press(100, 1000)
  expect(told).toEqual(["click 10400"])
})

test("the same level told twice is one press", () => {
  pin.move(false)
  pin.move(false)
  pin.move(true)
  pin.move(true)
  clock.advance(1000)
  expect(told).toEqual(["click 300"])
})

test("without handlers nothing happens, and nothing breaks", () => {
  make([])
  press(100, 100)
  press(100, 1000)
  press(2000, 1000)
  expect(told).toEqual([])
})
