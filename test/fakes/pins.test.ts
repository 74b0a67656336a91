import { describe, expect, test } from "vitest"
import { FakeClock } from "./clock"
import { FakeAnalog, FakeInput, FakeOutput, FakePwm, FakeWire } from "./pins"

describe("fake wire", () => {
  test("writes down what was done, and when", () => {
    const clock = new FakeClock(10)
    const wire = new FakeWire(clock)
    wire.watch(() => undefined)
    wire.low()
    clock.advance(2)
    wire.release()
    wire.unwatch()
    expect(wire.calls).toEqual(["watch 10", "low 10", "release 12", "unwatch 12"])
  })

  test("plays falls at the times it is told, from now", () => {
    const wire = new FakeWire(new FakeClock(1000))
    const seen: (number | undefined)[][] = []
    wire.watch(({ time, lastTime }) => seen.push([lastTime && Math.round(lastTime * 1e6), Math.round(time * 1e6)]))
    wire.play([{ fellUs: 0 }, { roseUs: 80, fellUs: 160 }])
    expect(seen).toEqual([
      [undefined, 1_000_000],
      [1_000_080, 1_000_160],
    ])
  })

  test("tells nothing to nobody", () => {
    const wire = new FakeWire(new FakeClock())
    const times: number[] = []
    wire.watch(({ time }) => times.push(time))
    wire.unwatch()
    wire.play([{ fellUs: 80 }])
    expect(times).toEqual([])
  })

  test("fails on a leaked watch, a watch that ends a start signal, and a release of nothing", () => {
    const wire = new FakeWire(new FakeClock())
    wire.watch(() => undefined)
    expect(() => wire.watch(() => undefined)).toThrow("leaks")
    wire.unwatch()
    expect(() => wire.release()).toThrow("not held")
    wire.low()
    expect(() => wire.watch(() => undefined)).toThrow("ends the start signal")
  })
})

describe("fake PWM", () => {
  test("keeps what was written", () => {
    const pin = new FakePwm()
    pin.write(0)
    pin.write(1)
    expect([pin.duties, pin.duty]).toEqual([[0, 1], 1])
  })

  test.each([NaN, -0.001, 1.001])("refuses a duty of %d", (duty) => {
    expect(() => new FakePwm().write(duty)).toThrow("duty")
  })

  test("fails when nobody wrote", () => {
    expect(() => new FakePwm().duty).toThrow("never written")
  })
})

describe("fake input", () => {
  test("is where it was moved to, and says so", () => {
    const pin = new FakeInput(false)
    const seen: boolean[] = []
    pin.move(true)
    pin.watch((isHigh) => seen.push(isHigh))
    pin.move(false)
    expect([pin.isHigh(), seen]).toEqual([false, [false]])
  })

  test("fails on a leaked watch", () => {
    const pin = new FakeInput()
    pin.watch(() => undefined)
    expect(() => pin.watch(() => undefined)).toThrow("leaks")
  })
})

test("fake output writes down what, and when", () => {
  const clock = new FakeClock(5)
  const pin = new FakeOutput(clock)
  pin.write(true)
  clock.advance(2)
  pin.write(false)
  expect(pin.writes).toEqual(["on 5", "off 7"])
})

describe("fake converter", () => {
  test("reads its list, and then the last one", () => {
    const pin = new FakeAnalog([0.1, 0.2])
    expect([pin.read(), pin.read(), pin.read(), pin.reads]).toEqual([0.1, 0.2, 0.2, 3])
  })

  test("fails without anything to read", () => {
    expect(() => new FakeAnalog([])).toThrow("reads something")
  })
})
