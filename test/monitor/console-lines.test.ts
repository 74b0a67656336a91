import { expect, test } from "vitest"
import { ConsoleLines } from "../../tools/monitor/console-lines"

const linesOf = (bytes: string) => new ConsoleLines().take(bytes)

test.each([
  ["ends with line breaks of both kinds", "one\r\ntwo\nthree", ["one", "two"]],
  [
    "is without the prompt that the firmware wipes before it prints",
    ">\r\x1b[Jwifi: connected\r\n>",
    ["wifi: connected"],
  ],
  ["has what was typed behind a prompt, as it stood at last", ">1+3\b \b2\r\n=3\r\n", [">1+2", "=3"]],
  ["has what was typed in the middle of a line", ">ab\x1b[D\x1b[Dx\x1b[Cy\r\n", [">xby"]],
  ["is without colours, flow control and bells", "\x1b[31mred\x1b[0m\x11\x13\x07\r\n", ["red"]],
  ["keeps bytes beyond ASCII", "21 \xc2\xb0C\r\n", ["21 \xc2\xb0C"]],
])("a line %s", (_, bytes, lines) => {
  expect(linesOf(bytes)).toEqual(lines)
  const split = new ConsoleLines()
  expect([...bytes].flatMap((byte) => split.take(byte))).toEqual(lines)
})

test("what has no end yet is the row: a prompt", () => {
  const lines = new ConsoleLines()
  lines.take("one\r\n>")
  expect(lines.row).toBe(">")
})

test("noise without an end is told in pieces, and none of it is lost", () => {
  const lines = new ConsoleLines()
  const told = lines.take("x".repeat(9000))
  expect(told).toHaveLength(2)
  expect(told.join("").length + lines.row.length).toBe(9000)
})
