import { expect, test } from "vitest"
import { grb, grbw, repeat } from "../../../src/drivers/bulb/strip"

test("WS2812B takes green, red, blue", () => expect(grb([0.1, 0.2, 0.3])).toEqual([0.2, 0.1, 0.3]))

test("SK6812RGBW takes green, red, blue, white, and white what they have in common", () =>
  expect(grbw([0.25, 0.5, 0.75])).toEqual([0.25, 0, 0.5, 0.25]))

test.each([
  [3, 0, 3, "ABC......"],
  [3, 3, 9, "...ABCABC"],
  [4, 0, 8, "ABCDABCD."],
  [1, 2, 7, "..AAAAA.."],
])("an LED of %i bytes at %i fills up to %i and nothing else", (width, start, end, expected) => {
  const bytes = new Uint8ClampedArray(9)
  for (let i = 0; i < width; i++) bytes[start + i] = 65 + i
  repeat(bytes, width, start, end)
  expect([...bytes].map((byte) => (byte ? String.fromCharCode(byte) : ".")).join("")).toBe(expected)
})
