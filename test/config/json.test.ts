import fc from "fast-check"
import { expect, test } from "vitest"
import { JsonError, parseJson } from "../../tools/config/json"

const told = (text: string): string => {
  try {
    parseJson(text)
  } catch (error) {
    if (error instanceof JsonError) return error.message
    throw error
  }
  return "accepted"
}

test.each([
  ['{"a": 1,}', '1:8: A comma stands before "}". Remove that comma'],
  ['{\n "a": 1\n "b": 2\n}', '3:2: A comma or "}" is missing here. Put a comma between two entries'],
  ['{"a" 1}', '1:6: A colon is missing after "a". Write "name": value'],
  ["{a: 1}", '1:2: A key must stand in double quotes. Write "name": value'],
  ["{'a': 1}", '1:2: A key must stand in double quotes. Write "name": value'],
  ["{\"a\": 'x'}", '1:7: Text stands in single quotes. Use double quotes: "text"'],
  ['{"a": 1 // x\n}', "1:9: JSON has no comments. Remove the comment"],
  ['{"a": 1', '1:1: "{" is never closed. Add "}"'],
  ['{"a": [1, 2}', '1:12: A comma or "]" is missing here. Put a comma between two entries'],
  ['{"a": 1, "a": 2}', '1:10: "a" stands twice. Keep one of the two'],
  ['{"a": yes}', '1:7: A value is due here. Write "text", a number, true, false, { } or [ ]'],
  ['{"a": constructor}', '1:7: A value is due here. Write "text", a number, true, false, { } or [ ]'],
  ['{"a":', "1:6: The file ends where a value is due. Add the value"],
  ["", "1:1: The file ends where a value is due. Add the value"],
  ["{} {}", "1:4: Something follows the closing bracket. Remove it: a JSON file holds one value"],
  [
    '{"a": "C:\\dir"}',
    '1:7: This text is not closed on its line, or holds a stray backslash. Close it with " and write \\\\ for \\',
  ],
])("%j is answered with line, column, reason and remedy", (text, message) => {
  expect(told(text)).toBe(message)
})

test("whatever JSON.stringify writes is read back", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      expect(JSON.stringify(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)))
    }),
  )
})

test("text that JSON.parse refuses is refused", () => {
  const pieces = fc.array(fc.constantFrom("{", "}", "[", "]", ",", ":", '"a"', "1", "-", "true", " ", "\n", ".5", "01"))
  fc.assert(
    fc.property(pieces, (parts) => {
      const text = parts.join("")
      const isJson = (() => {
        try {
          JSON.parse(text)
          return true
        } catch {
          return false
        }
      })()
      // Ours is stricter only about a key that stands twice.
      const answer = told(text)
      if (!answer.includes("stands twice")) expect(answer === "accepted").toBe(isJson)
    }),
    { numRuns: 2000 },
  )
})

test("a byte order mark is no mistake", () => {
  expect(parseJson('\uFEFF{"a":1}')).toEqual({ a: 1 })
})
