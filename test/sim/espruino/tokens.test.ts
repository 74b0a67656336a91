import { expect, test } from "vitest"
import { untokenised } from "../../../sim/espruino/tokens"
import { oneBoard } from "../fixture"

test("a program in plain text is left as it is, with bytes in its strings", () => {
  expect(untokenised('print("\xa4\xd1")')).toBe('print("\xa4\xd1")')
})

test("words, operators, strings and integers of a pretokenised program are read (LEX_TYPES of Espruino 2v29)", async () => {
  // function f(a){return a===5?"a\"b":-300>>>0}print(f(5),f(0))
  const code = '\xaaf(a){\xaba\x8b\xd4\x05?\xd1\x03a"b:-\xd5\x2c\x01\x93\xd3}print(f(\xd4\x05),f(\xd3))'
  expect(untokenised(code)).toContain('return a===5?"a\\"b":-300>>>0')
  const { house, board } = oneBoard("")
  board.chip.flash.write(".bootcde", code)
  await house.advance("1s")
  expect(board.logs.map(({ text }) => text)).toEqual(['a"b 4294966996'])
})

test("statements that touch are apart for V8, as they are for the chip, and numbers and names stay whole", () => {
  // var a1=12e4 return a1; b()c(); if(a)throw a else return this
  expect(untokenised("\xaca1=12e4\xaba1;b()c();\xa3(a)\xb0a\xa4\xab\xaf")).toBe(
    "var a1=12e4\nreturn a1;b()\nc();if(a)\nthrow a\nelse return this",
  )
})
