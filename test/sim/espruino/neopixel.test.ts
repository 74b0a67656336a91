import { describe, expect, test } from "vitest"
import { LedStrip } from "../../../sim/parts/led-strip"
import { collect, logsOf, oneBoard } from "../fixture"

const STRIP = { parts: [{ name: "strip", part: "led-strip", pins: { data: 13 }, options: { leds: 3 } }] }
const write = (data: string, pin = 13) => `require("neopixel").write(${pin}, ${data});`

test("a program shows colours", async () => {
  const { house, board } = oneBoard(write("new Uint8ClampedArray([1, 2, 3, 300, -5, 6, 7, 8, 9])"), STRIP)
  const events = collect(house, "strip")
  await house.advance("1s")
  expect(board.part("strip", LedStrip).pixels).toMatchObject([
    { green: 1, red: 2, blue: 3 },
    { green: 255, red: 0, blue: 6 },
    { green: 7, red: 8, blue: 9 },
  ])
  expect(events).toMatchObject([{ atUs: 350_000, pin: "GPIO13", bytes: "\x01\x02\x03\xff\x00\x06\x07\x08\x09" }])
})

test("blocks the chip for 10 us a byte and a tail of 50", async () => {
  const shown = await logsOf(
    `var d = new Uint8Array(300); var t = getTime(); ${write("d")} print(Math.round((getTime() - t) * 1e6))`,
    "1s",
    STRIP,
  )
  expect(shown).toEqual(["3050"])
})

test.each([
  ["[]", "Data must be a non empty array"],
  ["[1, 2, 3, 4]", "Data length must be a multiple of 3 (RGB)"],
])("refuses %s in the firmware's words", async (data, message) => {
  expect(await logsOf(`try { ${write(data)} } catch (e) { print(e.message) }`)).toEqual([message])
})

describe("two frames", () => {
  test("with less than the reset time between them are one: the second runs past the end", async () => {
    const nine = (first: number) => `[${Array.from({ length: 9 }, (_, i) => first + i).join(",")}]`
    const { house, board } = oneBoard(write(nine(1)) + write(nine(101)), STRIP)
    await house.advance("1s")
    const strip = board.part("strip", LedStrip)
    expect([strip.frames, strip.pixels[0].green]).toEqual([1, 1])
  })

  test("with a timer's time between them are two", async () => {
    const { house, board } = oneBoard(
      `${write("[1, 1, 1]")} setTimeout(function () { ${write("[5, 5, 5]")} }, 2)`,
      STRIP,
    )
    await house.advance("1s")
    const strip = board.part("strip", LedStrip)
    expect([strip.frames, strip.pixels[0].green]).toEqual([2, 5])
  })
})

test("GPIO34 to 39 send nothing", async () => {
  const parts = [{ name: "strip", part: "led-strip", pins: { data: 34 }, options: { leds: 3 } }]
  const { house, board } = oneBoard(write("[9, 9, 9]", 34), { parts })
  await house.advance("1s")
  expect(board.part("strip", LedStrip).frames).toBe(0)
})
