import { beforeEach, describe, expect, test } from "vitest"
import { FakeClock } from "./clock"
import { crcOf, FakeOneWire, FakeThermometer } from "./one-wire"

let clock: FakeClock
let part: FakeThermometer
let bus: FakeOneWire

beforeEach(() => {
  clock = new FakeClock()
  part = new FakeThermometer("28ff641e8216043c")
  bus = new FakeOneWire(clock, [part])
})

function pad(): number[] {
  bus.select(part.rom)
  bus.write(0xbe)
  return [...bus.read(9)]
}

describe("fake 1-Wire bus", () => {
  test("has the CRC of Maxim's application note 27", () => {
    expect(crcOf([0x02, 0x1c, 0xb8, 0x01, 0, 0, 0])).toBe(0xa2)
  })

  test("wakes with 85 °C, converts in 750 ms at 12 bits and keeps what it converted", () => {
    expect(pad().slice(0, 5)).toEqual([0x50, 0x05, 0x4b, 0x46, 0x7f])
    bus.reset()
    bus.skip()
    bus.write(0x44, true)
    clock.advance(749)
    expect(pad()[0]).toBe(0x50)
    clock.advance(1)
    expect(pad().slice(0, 2)).toEqual([0x91, 0x01])
    expect(crcOf(pad())).toBe(0)
  })

  test("is shorter and coarser as its configuration says", () => {
    bus.reset()
    bus.skip()
    bus.write([0x4e, 1, 2, 0x1f])
    bus.reset()
    bus.skip()
    bus.write(0x44)
    clock.advance(94)
    expect(pad().slice(0, 5)).toEqual([0x97, 0x01, 1, 2, 0x1f])
  })

  test("has faults for so many times", () => {
    part.spoiltReads = 1
    expect(crcOf(pad())).not.toBe(0)
    expect(crcOf(pad())).toBe(0)
  })

  test("answers with ones when nobody is there, with zeros when it is shorted", () => {
    part.isMissing = true
    expect([bus.reset(), bus.search(), pad()]).toEqual([false, [], Array(9).fill(255)])
    part.isMissing = false
    bus.isShorted = true
    expect([bus.reset(), bus.search(), pad()]).toEqual([true, [], Array(9).fill(0)])
  })

  test("writes down what was sent, and for how long it was busy", () => {
    pad()
    expect(bus.sent).toEqual(["select 28ff641e8216043c be"])
    expect(bus.longestBlockMs).toBeCloseTo(1 + 19 * 0.55, 9)
  })

  test("fails on a command to nobody, an unknown command and a ROM code that is none", () => {
    expect(() => bus.write(0x44)).toThrow("without reset")
    expect(() => bus.read(9)).toThrow("nobody")
    bus.reset()
    bus.skip()
    expect(() => bus.write(0x33)).toThrow("command 51")
    expect(() => bus.select("28")).toThrow("no ROM code")
  })
})
