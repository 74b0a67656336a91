import { beforeEach, describe, expect, test } from "vitest"
import { onOff, powerOn, type OnOff } from "../../../src/drivers/bulb/on-off"

describe("when power comes back", () => {
  test.each([
    ["off", 180, 90, 0],
    ["on", 180, 90, 180],
    ["on", 180, undefined, 180],
    ["last", 180, 90, 90],
    ["last", 180, 0, 0],
    ["last", 180, undefined, 180],
    ["nonsense", 180, 90, 0],
  ])("%s, level %d, kept %j: brightness %d", (mode, level, last, brightness) =>
    expect(powerOn(mode, level, last)).toBe(brightness),
  )
})

describe("on and off", () => {
  let shown: [number, number | undefined][]
  let lamp: OnOff
  beforeEach(() => {
    shown = []
    lamp = onOff((brightness, transitionMs) => shown.push([brightness, transitionMs]), 200)
  })

  test("shows nothing by itself, and is off", () => expect([shown, lamp.brightness()]).toEqual([[], 0]))

  test("turns on at the brightness it begins with", () => {
    lamp.turn(true)
    expect([shown, lamp.brightness()]).toEqual([[[200, undefined]], 200])
  })

  test("comes back at the brightness it was dimmed to", () => {
    lamp.dim(40, 100)
    lamp.turn(false, 50)
    expect(lamp.brightness()).toBe(0)
    lamp.turn(true, 70)
    expect(shown).toEqual([
      [40, 100],
      [0, 50],
      [40, 70],
    ])
  })

  test.each([0, -1, NaN])("dimmed to %d is off, and comes back at what it was", (brightness) => {
    lamp.dim(60)
    lamp.dim(brightness)
    expect(lamp.brightness()).toBe(0)
    lamp.turn(true)
    expect(shown.map(([level]) => level)).toEqual([60, 0, 60])
  })
})
