import { expect, test } from "vitest"
import { toSrgb } from "../../../sim/parts/light"
import { RgbLed } from "../../../sim/parts/rgb-led"
import { HIGH } from "../../../sim/pins/net"
import { bench } from "./bench"

const duty = (value: number) => ({ kind: "pwm", duty: value, frequencyHz: 5000 }) as const

test("shines as its duties say, linear light and what a screen must show for it", () => {
  const { place, net, host } = bench()
  const lamp = new RgbLed(place)
  lamp.powerOn()
  net("red").drive(host, duty(0.5))
  net("green").drive(host, HIGH)
  expect([lamp.red, lamp.green, lamp.blue]).toEqual([0.5, 1, 0])
  expect(lamp.swatch).toEqual({ red: 188, green: 255, blue: 0 }) // half the light is 188 of 255 (IEC 61966-2-1)
})

test("is dark without power", () => {
  const { place, net, host } = bench()
  const lamp = new RgbLed(place)
  net("red").drive(host, HIGH)
  expect(lamp.red).toBe(0)
})

test("three pins that change at one instant are one change", () => {
  const { place, net, host, clock, told } = bench()
  const lamp = new RgbLed(place)
  lamp.powerOn()
  for (const role of ["red", "green", "blue"]) net(role).drive(host, duty(0.25))
  clock.advance(1)
  expect(told).toEqual(["shines"])
})

test.each([
  [0, 0],
  [0.0031308, 10],
  [1, 255],
  [2, 255],
])("linear %f is %i of 255", (linear, coded) => expect(toSrgb(linear)).toBe(coded))
