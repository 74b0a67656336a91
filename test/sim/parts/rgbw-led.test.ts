import { expect, test } from "vitest"
import { RgbwLed } from "../../../sim/parts/rgbw-led"
import { bench } from "./bench"

function led() {
  const table = bench()
  const part = new RgbwLed(table.place)
  part.powerOn()
  const set = (duties: Record<string, number>) => {
    for (const [role, duty] of Object.entries(duties))
      table.net(role).drive(table.host, { kind: "pwm", duty, frequencyHz: 5000 })
    table.clock.advance(0)
  }
  return { ...table, part, set }
}

test("four channels are four lights, and white adds to all three colours of the swatch", () => {
  const { part, set } = led()
  set({ red: 1, green: 0, blue: 0, white: 0.2 })
  expect(part.values()).toMatchObject({
    red: 1,
    green: 0,
    blue: 0,
    white: 0.2,
    swatchRed: 255,
    swatchGreen: 124,
    swatchBlue: 124,
  })
})

test("draws 20 mA a channel", () => {
  const { part, set } = led()
  set({ red: 1, green: 0.5, blue: 0, white: 1 })
  expect(part.currentMa()).toBe(50)
  part.powerOff()
  expect(part.currentMa()).toBe(0)
})

test("four pins that change at one instant are one change", () => {
  const { set, told } = led()
  set({ red: 0.1, green: 0.2, blue: 0.3, white: 0.4 })
  expect(told).toEqual(["shines"])
})
