import { beforeEach, describe, expect, test } from "vitest"
import { bulbPixels, type PixelStrip } from "../../../src/drivers/bulb-pixels"
import { crossfade } from "../../../src/drivers/bulb/crossfade"
import { grb } from "../../../src/drivers/bulb/strip"
import { FakeClock } from "../../fakes/clock"
import { currentMa, FakeStrip } from "../../fakes/strip"

let clock: FakeClock
let out: FakeStrip
let pixels: PixelStrip
let show: (brightness: number, transitionMs?: number) => void

function make(budgetMa = 1000): void {
  clock = new FakeClock()
  out = new FakeStrip()
  pixels = bulbPixels(out, 2, grb, budgetMa)
  show = crossfade(pixels, clock)
}
beforeEach(() => make())

describe("crossfade", () => {
  test("sends nothing until it is used", () => expect([out.frames.length, clock.nextInMs()]).toEqual([1, undefined]))

  test("moves each pixel from what it was to what it shall be, in steps of 40 ms", () => {
    pixels.paint(0, 1, 255, 0, 0)
    pixels.show(255)
    pixels.paint(0, 1, 0, 0, 255)
    pixels.paint(1, 1, 0, 255, 0)
    show(255, 400)
    clock.advance(200)
    expect(out.frame).toEqual([0, 127, 127, 127, 0, 0])
    clock.advance(200)
    expect(out.frame).toEqual([0, 0, 255, 255, 0, 0])
    expect(clock.nextInMs()).toBeUndefined()
  })

  test("takes over in the middle without a jump, and arrives exactly", () => {
    pixels.paint(0, 2, 255, 255, 255)
    show(255, 1000)
    clock.advance(480)
    const [before, sent] = [out.frame, out.frames.length]
    show(0, 1000)
    expect(out.frames.slice(sent)).toEqual([])
    expect(out.frame).toEqual(before)
    clock.advance(1000)
    expect(out.frame).toEqual([0, 0, 0, 0, 0, 0])
  })

  test("at once without a time", () => {
    pixels.paint(0, 2, 255, 0, 0)
    show(255, 0)
    expect([out.frame, clock.nextInMs()]).toEqual([[0, 255, 0, 0, 255, 0], undefined])
  })

  test("gives way to the strip's own show, which stays", () => {
    pixels.paint(0, 2, 255, 0, 0)
    show(255, 1000)
    clock.advance(500)
    pixels.show(255)
    const sent = out.frames.length
    expect(out.frame).toEqual([0, 255, 0, 0, 255, 0])
    clock.advance(2000)
    expect(out.frames).toHaveLength(sent)
  })

  test("stays within the budget on its way", () => {
    make(42)
    pixels.paint(0, 1, 255, 255, 255)
    pixels.show(255)
    pixels.paint(0, 1, 0, 0, 0)
    pixels.paint(1, 1, 255, 255, 255)
    show(255, 2000)
    clock.advance(2100)
    expect(out.frames.length).toBeGreaterThan(20)
    for (const frame of out.frames) expect(currentMa(frame, 2)).toBeLessThanOrEqual(42)
    expect(out.frame.slice(0, 3)).toEqual([0, 0, 0])
  })
})
