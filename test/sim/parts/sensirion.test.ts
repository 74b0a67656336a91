import { expect, test } from "vitest"
import { crc8, ticks, wordsWithCrc } from "../../../sim/parts/sensirion"

test("the datasheet's example: BE EF has the CRC 92 (SHT3x-DIS §4.12)", () => {
  expect(crc8([0xbe, 0xef])).toBe(0x92)
  expect(wordsWithCrc([0xbeef, 0], false)).toEqual([0xbe, 0xef, 0x92, 0, 0, 0x81])
  expect(wordsWithCrc([0xbeef], true)[2]).not.toBe(0x92)
})

test("a value is rounded to the nearest step and kept within a word", () => {
  expect([-46, -45, 42.5, 130, 131].map((value) => ticks(value, -45, 175))).toEqual([0, 0, 0x8000, 0xffff, 0xffff])
})
