import { describe, expect, test } from "vitest"
import { LedStrip } from "../../../sim/parts/led-strip"
import { WiringError } from "../../../sim/parts/part"
import { bench } from "./bench"

function strip(options: Record<string, number | string> = {}) {
  const table = bench(1, undefined, { leds: 3, ...options })
  const part = new LedStrip(table.place)
  part.powerOn()
  /** One frame, and `quietUs` behind it. */
  const send = (bytes: number[], quietUs = 1000) => {
    const fromUs = table.clock.nowUs
    const untilUs = fromUs + bytes.length * 10
    const text = String.fromCharCode(...bytes)
    for (const each of table.place.buses.strip.targetsOn(table.net("data"))) each.onBytes(text, fromUs, untilUs)
    table.clock.runUntil(untilUs + quietUs)
  }
  return { ...table, part, send }
}

describe("each LED takes its bytes and passes on the rest", () => {
  test("of three, in the order green, red, blue (WS2812B datasheet, composition of 24 bits)", () => {
    const { part, send } = strip()
    send([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(part.pixels).toEqual([
      { green: 1, red: 2, blue: 3, white: 0 },
      { green: 4, red: 5, blue: 6, white: 0 },
      { green: 7, red: 8, blue: 9, white: 0 },
    ])
  })

  test("of four on an SK6812, and padding runs past the end", () => {
    const { part, send } = strip({ kind: "sk6812", leds: 2 })
    send([1, 2, 3, 4, 5, 6, 7, 8, 99])
    expect(part.pixels[1]).toEqual({ green: 5, red: 6, blue: 7, white: 8 })
  })

  test("in another order when the wiring says so", () => {
    const { part, send } = strip({ order: "RGB" })
    send([1, 2, 3])
    expect(part.pixels[0]).toEqual({ red: 1, green: 2, blue: 3, white: 0 })
    expect(() => strip({ order: "RRB" })).toThrow(WiringError)
  })

  test("and one that gets none, or not all, keeps what it shows", () => {
    const { part, send } = strip()
    send([9, 9, 9, 8, 8, 8, 7, 7, 7])
    send([1, 1, 1, 2, 2])
    expect(part.pixels.map(({ green }) => green)).toEqual([1, 8, 7])
  })
})

describe("the reset time", () => {
  test.each([
    ["ws2812", 280],
    ["sk6812", 80],
  ])("of %s is %i us: then the colours show", (kind, resetUs) => {
    const { part, send, clock } = strip({ kind })
    send([5, 5, 5, 5], resetUs - 1)
    expect(part.frames).toBe(0)
    clock.advance(1)
    expect([part.frames, part.pixels[0].green]).toEqual([1, 5])
  })

  test("not waited for, what comes next goes to the LEDs behind", () => {
    const { part, send, told } = strip()
    send([1, 1, 1], 100)
    send([2, 2, 2])
    expect(part.pixels.map(({ green }) => green)).toEqual([1, 2, 0])
    expect(told[0]).toBe("takes a frame 100 us behind the last for its continuation")
  })
})

describe("draws", () => {
  test("12 mA a channel at full duty and 0.6 mA an LED", () => {
    const { part, send } = strip()
    expect(part.currentMa()).toBeCloseTo(1.8)
    send(Array(9).fill(255))
    expect(part.currentMa()).toBeCloseTo(1.8 + 9 * 12)
    send(Array(9).fill(51))
    expect(part.currentMa()).toBeCloseTo(1.8 + 9 * 12 * 0.2)
  })

  test("nothing without power, and is dark afterwards", () => {
    const { part, send } = strip()
    send([255, 255, 255])
    part.powerOff()
    expect(part.currentMa()).toBe(0)
    part.powerOn()
    expect(part.values()).toMatchObject({ lit: 0, swatchGreen: 0 })
  })
})

test("tells few values: LEDs lit, current and the mean colour", () => {
  const { part, send } = strip()
  send([0, 255, 0, 0, 255, 0])
  expect(part.values()).toEqual({ lit: 2, ma: 26, swatchRed: 213, swatchGreen: 0, swatchBlue: 0 })
})

describe("faults", () => {
  test("a cut leaves the LEDs behind it as they were", () => {
    const { part, send } = strip()
    send(Array(9).fill(9))
    part.faults.cut = 1
    send(Array(9).fill(5))
    expect(part.pixels.map(({ green }) => green)).toEqual([5, 9, 9])
    part.faults.cut = undefined
    send(Array(9).fill(7))
    expect(part.pixels.map(({ green }) => green)).toEqual([7, 7, 7])
  })

  test("missing shows nothing", () => {
    const { part, send } = strip()
    part.faults.missing = true
    send(Array(9).fill(9))
    expect([part.frames, part.currentMa()]).toEqual([0, 0])
  })
})
