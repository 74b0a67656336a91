import { expect, test } from "vitest"
import { DimmedLed } from "../../../sim/parts/dimmed-led"
import { HIGH } from "../../../sim/pins/net"
import { bench } from "./bench"

function led(options = {}) {
  const table = bench(1, undefined, options)
  const part = new DimmedLed(table.place)
  part.powerOn()
  return {
    ...table,
    part,
    dim: (duty: number) => table.net("light").drive(table.host, { kind: "pwm", duty, frequencyHz: 5000 }),
  }
}

test("shines as its duty says, linear; the swatch is what the eye sees", () => {
  const { part, dim } = led()
  dim(0.2)
  // sRGB of 0.2 linear is 124 (IEC 61966-2-1)
  expect(part.values()).toEqual({ light: 0.2, swatchRed: 124, swatchGreen: 124, swatchBlue: 124 })
})

test("is on and off by a plain level too", () => {
  const { part, net, host } = led()
  net("light").drive(host, HIGH)
  expect(part.light).toBe(1)
})

test("draws 350 mA at full light, or what the wiring says, and nothing without power", () => {
  const { part, dim } = led()
  dim(0.5)
  expect(part.currentMa()).toBe(175)
  part.powerOff()
  expect([part.light, part.currentMa()]).toEqual([0, 0])
  const small = led({ ma: 20 })
  small.dim(1)
  expect(small.part.currentMa()).toBe(20)
})

test("tells of a change once", () => {
  const { dim, told, clock } = led()
  dim(0.1)
  dim(0.2)
  clock.advance(0)
  expect(told).toEqual(["shines"])
})
