import { expect, test } from "vitest"
import { makePart } from "../../../sim/parts/catalogue"
import { oneBoard } from "../fixture"
import { bench } from "./bench"

test("makes a part by its name, and names what there is when there is none", () => {
  expect(makePart("dht22", bench().place).part).toBe("dht22")
  expect(() => makePart("dht11", bench().place)).toThrow(/no part "dht11".*button, dht22, relay, rgb-led/)
})

test("a wiring without a needed pin is refused by part, type and role", () => {
  const parts = [{ name: "lamp", part: "rgb-led", pins: { red: 16, green: 17 } }]
  expect(() => oneBoard("", { parts })).toThrow('part "lamp" (rgb-led) of "board" needs a pin for "blue"')
})

test("a part with one pin takes whatever its wire is called", () => {
  const { board } = oneBoard("", { parts: [{ name: "door", part: "button", pins: { anything: 5 } }] })
  expect(Object.keys(board.pins)).toEqual(["GPIO5"])
})
