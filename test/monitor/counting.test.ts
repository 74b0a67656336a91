import { expect, test } from "vitest"
import { columnAt, offsetsAt } from "../../tools/monitor/counting"

test("lines and columns count from one", () => {
  expect(offsetsAt("ab\ncd\n", 1, 1)).toEqual([0])
  expect(offsetsAt("ab\ncd\n", 2, 2)).toEqual([4])
  expect(columnAt("ab\ncd\n", 4)).toBe(2)
})

test("behind the end of a line or of the text there is nothing", () => {
  expect(offsetsAt("ab\ncd", 1, 3)).toEqual([])
  expect(offsetsAt("ab\ncd", 3, 1)).toEqual([])
  expect(offsetsAt("ab\ncd", 0, 1)).toEqual([])
})

/** M, o, d, u, l, e, s, a point and so on: the firmware looks for no more than that. The last of them begins "depth". */
const LETTERS = "Math.round(value.length).slice.add(Cache,depth,0)"

// espruino, 2v29.277, tells of a minified program at its second line as of its first, and in its first as of line 0.
test("a line with the letters of Modules.addCached one behind the other is not counted, from the last of them on", () => {
  const text = `${LETTERS}\nsecond\nthird`
  const last = LETTERS.indexOf("depth")
  expect(offsetsAt(text, 1, 1)).toEqual([0, LETTERS.length + 1])
  expect(offsetsAt(text, 1, last)).toEqual([last - 1])
  expect(offsetsAt(text, 0, last + 1)).toEqual([last])
  expect(offsetsAt(text, 1, last + 1)).toEqual([])
  expect(offsetsAt(text, 2, 1)).toEqual([text.indexOf("third")])
})

test("until 2v26 every line counted", () => {
  expect(offsetsAt(`${LETTERS}\nsecond`, 2, 1, true)).toEqual([LETTERS.length + 1])
  expect(offsetsAt(`${LETTERS}\nsecond`, 1, LETTERS.length, true)).toEqual([LETTERS.length - 1])
})

test("a line without them ends the search", () => {
  const text = `first\n${LETTERS}\nthird`
  expect(offsetsAt(text, 3, 1)).toEqual([text.indexOf("third")])
})
