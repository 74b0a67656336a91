import { beforeEach, describe, expect, test } from "vitest"
import { FakeClock } from "./clock"
import { FakeI2c } from "./i2c"

let clock: FakeClock
let bus: FakeI2c

beforeEach(() => {
  clock = new FakeClock(10)
  bus = new FakeI2c(clock)
})

describe("fake I2C bus", () => {
  test("plays its conversation in order, and knows when each message came", () => {
    bus.takes(0x44, 0x24, 0).gives(0x44, 1, 2, 255).refuses(0x23, 7).refusesRead(0x44, 6).givesOnly(0x44, 3, 9)
    expect(bus.write(0x44, [0x24, 0])).toBe(true)
    clock.advance(5)
    expect(bus.read(0x44, 3)).toEqual(Uint8Array.of(1, 2, 255))
    expect([bus.write(0x23, 7), bus.read(0x44, 6), bus.read(0x44, 3)]).toEqual([false, undefined, Uint8Array.of(9)])
    bus.end()
    expect(bus.timesMs).toEqual([10, 15, 15, 15, 15])
  })

  test.each<[string, () => unknown]>([
    ["another address", () => bus.write(0x45, [0x24, 0])],
    ["other bytes", () => bus.write(0x44, [0x24, 1])],
    ["fewer bytes", () => bus.write(0x44, 0x24)],
    ["a read instead of a write", () => bus.read(0x44, 2)],
  ])("fails on %s", (_what, call) => {
    bus.takes(0x44, 0x24, 0)
    expect(call).toThrow("and not write 44: 24 00")
  })

  test("fails on a message too many and on one that never came", () => {
    expect(() => bus.read(0x44, 6)).toThrow("and not silence")
    bus.takes(0x44, 1)
    expect(() => bus.end()).toThrow("never came: write 44: 01")
  })

  test.each([-1, 256, 0.5, NaN])("refuses %d for a byte", (byte) => {
    expect(() => bus.write(0x44, [0x24, byte])).toThrow("bytes 36")
  })
})
