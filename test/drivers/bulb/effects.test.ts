import { beforeEach, describe, expect, test } from "vitest"
import { bulbPwm } from "../../../src/drivers/bulb-pwm"
import { blink, breathe, candle, colourLoop } from "../../../src/drivers/bulb/effects"
import { hsToRgb } from "../../../src/util/colour"
import { FakeClock } from "../../fakes/clock"
import { FakePwm } from "../../fakes/pins"

let clock: FakeClock
let shown: [atMs: number, level: number, transitionMs: number][]
const show = (level: number, transitionMs: number) => void shown.push([clock.nowMs(), level, transitionMs])

beforeEach(() => {
  clock = new FakeClock()
  shown = []
})

describe("every effect", () => {
  const all = {
    breathe: () => breathe(show, clock, 10, 200, 1000),
    blink: () => blink(show, clock, 100, 0),
    "colour loop": () => colourLoop(show, clock, 600),
    candle: () => candle(show, clock, 200, () => 0.5),
  }
  test.each(Object.entries(all))("%s begins when started, stops when stopped, twice too", (_, make) => {
    const effect = make()
    clock.advance(5000)
    expect(shown).toEqual([])
    effect.start()
    expect(shown).toHaveLength(1)
    clock.advance(5000)
    expect(shown.length).toBeGreaterThan(8)
    const before = shown.length
    effect.stop()
    effect.stop()
    clock.advance(5000)
    expect([shown.length, clock.nextInMs()]).toEqual([before, undefined])
  })

  test.each(Object.entries(all))("%s started again begins anew, and runs once", (_, make) => {
    const effect = make()
    effect.start()
    clock.advance(50)
    effect.start()
    expect(shown[1]!.slice(1)).toEqual(shown[0]!.slice(1))
    const once = shown.length
    clock.advance(1000)
    const perSecond = shown.length - once
    clock.advance(1000)
    expect(Math.abs(shown.length - once - 2 * perSecond)).toBeLessThanOrEqual(1)
  })

  test("goes on evenly over many turns", () => {
    colourLoop(show, clock, 600).start()
    clock.advance(100 * 13_000)
    expect(shown.map(([, hue]) => hue)).toEqual(shown.map((_, i) => 60 * (i % 6)))
  })
})

test("a breath swells and falls in halves of its period", () => {
  breathe(show, clock, 10, 200, 1000).start()
  clock.advance(1000)
  expect(shown).toEqual([
    [0, 200, 460],
    [500, 10, 460],
    [1000, 200, 460],
  ])
})

test("three flashes end dark, and with them the effect", () => {
  blink(show, clock, 100, 3).start()
  clock.advance(10_000)
  expect(shown).toEqual([0, 100, 200, 300, 400, 500].map((atMs, i) => [atMs, i % 2 ? 0 : 255, 0]))
  expect(clock.nextInMs()).toBeUndefined()
})

test("a colour loop on a lamp passes every hue in full colour, and stands on each of the six", () => {
  const pins = [new FakePwm(), new FakePwm(), new FakePwm()] as const
  const lamp = bulbPwm(...pins, clock)
  const rgb = [0, 0, 0]
  const loop = colourLoop(
    (hue, transitionMs) => {
      hsToRgb(hue, 100, rgb)
      lamp.set(rgb[0]!, rgb[1]!, rgb[2]!, 255, transitionMs)
    },
    clock,
    6000,
  )
  const level = (pin: FakePwm) => 255 * pin.duty ** (1 / 2.2)
  loop.start()
  clock.advance(999)
  for (let atMs = 0; atMs < 6000; atMs += 40) {
    // 40 ms of a sixth are for the arrival, and a step lasts 40: 10 of 255 behind at most.
    const expected = hsToRgb((atMs * 60) / 1000, 100, [])
    pins.forEach((pin, i) => expect(Math.abs(level(pin) - expected[i]!)).toBeLessThan(11))
    if (atMs % 1000 === 0) pins.forEach((pin, i) => expect(level(pin)).toBeCloseTo(expected[i]!, 6))
    clock.advance(40)
  }
})

test("a candle keeps between 40 % and all of its brightness, and has no rhythm", () => {
  let seed = 1
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647
  candle(show, clock, 200, random).start()
  clock.advance(60_000)
  const levels = shown.map(([, level]) => level)
  expect(Math.min(...levels)).toBeGreaterThanOrEqual(80)
  expect(Math.max(...levels)).toBeLessThanOrEqual(200)
  expect(Math.min(...levels)).toBeLessThan(110)
  expect(Math.max(...levels)).toBeGreaterThan(195)
  const pauses = new Set(shown.map(([, , pause]) => Math.round(pause / 20)))
  expect(pauses.size).toBeGreaterThan(8)
  expect(Math.min(...shown.map(([, , pause]) => pause))).toBeGreaterThanOrEqual(60)
})
