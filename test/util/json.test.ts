import { describe, expect, test } from "vitest"
import { parseJson } from "../../src/util/json"

describe("JSON from outside", () => {
  test.each([
    ['{"a":[1,{"b":2}]}', { a: [1, { b: 2 }] }],
    ["5", 5],
    ["null", null],
    ['"text"', "text"],
    ["", undefined],
    ["{", undefined],
    ["21 C", undefined],
  ])("%s", (text, value) => {
    expect(parseJson(text)).toEqual(value)
  })

  // The chip's parser crashes the chip at a few hundred levels, and no catch helps.
  test.each(["[", '{"a":'])("nested with %s is refused beyond 62 levels, however well formed", (opening) => {
    const nested = (levels: number) => opening.repeat(levels) + "1" + (opening === "[" ? "]" : "}").repeat(levels)
    expect(parseJson(nested(62))).toBeDefined()
    expect(parseJson(nested(63))).toBeUndefined()
    expect(parseJson(nested(900))).toBeUndefined()
  })
})
