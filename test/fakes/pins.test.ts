import { describe, expect, test } from "vitest"
import { FakeClock } from "./clock"
import { FakePwm, FakeWire } from "./pins"

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
