import { describe, expect, test } from "vitest"
import { Button } from "../../../sim/parts/button"
import { makePart } from "../../../sim/parts/catalogue"
import { WiringError } from "../../../sim/parts/part"
import { Relay } from "../../../sim/parts/relay"
import { oneBoard } from "../fixture"
import { bench } from "./bench"

test("makes a part by its name, and names what there is when there is none", () => {
  expect(makePart("dht22", bench().place).part).toBe("dht22")
  expect(() => makePart("dht99", bench().place)).toThrow(/no part "dht99".*button, dht22, relay, rgb-led/)
})

describe("a part in a test's hand", () => {
  const { board } = oneBoard("", {
    parts: [
      { name: "button", part: "button", pins: { contact: 5 } },
      { name: "fan", part: "relay", pins: { coil: 16 } },
    ],
  })

  test("has the fields of its type, by the type's name or by its class", () => {
    const [button, fan]: [Button, Relay] = [board.part("button"), board.part("fan", Relay)]
    button.press(20)
    expect([board.parts.button.pressed, fan.closed, board.parts.fan]).toEqual([true, false, fan])
  })

  test("that is not there, or is another, is told in words", () => {
    expect(() => board.part("lamp")).toThrow('"board" has no part "lamp"; there are: button, fan')
    expect(() => board.part("toString")).toThrow('has no part "toString"')
    expect(() => board.part("fan", Button)).toThrow('part "fan" of "board" is a relay')
    expect(() => oneBoard("").board.part("relay")).toThrow('"board" has no part "relay"; there are: none')
  })
})

const wired = (part: string, pins: Record<string, number>) => () =>
  oneBoard("", { parts: [{ name: "it", part, pins }], isOff: true })

test.each([
  ["a role without a pin", "rgb-led", { red: 16, green: 17 }, 'part "it" of "board": a rgb-led needs a pin for "blue"'],
  ["a role it has not", "button", { contact: 5, led: 6 }, 'part "it" of "board": a button has no pin "led"'],
  ["a misspelt role", "dht22", { dat: 4 }, 'part "it" of "board": a dht22 needs a pin for "data"'],
  ["a pin the board has not", "relay", { coil: 99 }, 'part "it" of "board": test board has no pin 99 for "coil"'],
  ["a part that is none", "toString", {}, 'there is no part "toString"'],
])("a wiring with %s is refused in words", (_, part, pins: Record<string, number>, message) => {
  expect(wired(part, pins)).toThrow(WiringError)
  expect(wired(part, pins)).toThrow(message)
})

test("a part that is not there, and a field that a part has not, are refused where they are written", () => {
  const { board } = oneBoard("", { parts: [{ name: "dht22", part: "dht22", pins: { data: 4 } }] })
  expect(() => (board.parts.bme.temperatureC = 3)).toThrow('"board" has no part "bme"; there are: dht22')
  expect(() => Object.assign(board.parts.dht22, { temprature: 3 })).toThrow(/temprature/)
  board.parts.dht22.temperatureC = 3
  expect(board.part("dht22").temperatureC).toBe(3)
  expect(Object.keys(board.parts)).toEqual(["dht22"])
})
