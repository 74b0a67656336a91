import { describe, expect, it } from "vitest"
import { bytesAsEscapes, typedColumn } from "../../tools/build/text"

describe("bytesAsEscapes", () => {
  it("writes each character outside ASCII as its UTF-8 bytes", () => {
    expect(bytesAsEscapes('"°€😀"')).toBe('"\\xC2\\xB0\\xE2\\x82\\xAC\\xF0\\x9F\\x98\\x80"')
  })

  it("leaves escapes that an author wrote alone", () => {
    expect(bytesAsEscapes('"\\u00b0\\xC2"')).toBe('"\\u00b0\\xC2"')
  })
})

describe("typedColumn", () => {
  it.each([
    ["abc", 2, 2],
    ["°x", 8, 1],
    ["°x", 3, 0],
    ["a😀b", 17, 3],
    ["ab", 5, 5],
  ])("in %j turns escaped column %i into %i", (line, escaped, typed) => {
    expect(typedColumn(line, escaped)).toBe(typed)
  })
})
