import fc from "fast-check"
import { expect, test } from "vitest"
import { clip, fit, harmless, readable, width } from "../../tools/text/terminal"

test("nothing that reaches the terminal can act on it", () => {
  expect(harmless("a\x1b[2Jb\r\n\x07\x7f")).toBe("a␛[2Jb␍␊␇␡")
  expect(harmless("\x9b31m")).toBe("�31m")
  expect(harmless("abc\u202etxt\u200b")).toBe("abc�txt�")
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(harmless(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\p{Surrogate}]/u)
    }),
  )
})

test("wire bytes are shown as the text they are, and as something when they are none", () => {
  expect(readable("21 \xC2\xB0C")).toBe("21 °C")
  expect(readable("\xE6\xB8\xA9")).toBe("温")
  expect(readable("\xff\x00ok")).toBe("ÿ␀ok")
})

test("columns are counted as a terminal counts them", () => {
  expect(width("abc")).toBe(3)
  expect(width("温度")).toBe(4)
  expect(width("e\u0301")).toBe(1)
  expect(width("🌡 💡")).toBe(4)
  expect(width("●◑█━╌°")).toBe(6)
})

test("text is cut with an ellipsis, never in the middle of a wide character", () => {
  expect(clip("temperature", 5)).toBe("temp…")
  expect(clip("温度計", 4)).toBe("温…")
  expect(fit("温度計", 4)).toBe("温… ")
  expect(clip("abc", 0)).toBe("")
})

test("fitted text is exactly as wide as asked", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "温", "e\u0301", "💡", "─", " ") })
  fc.assert(fc.property(text, fc.integer({ min: 1, max: 30 }), (any, columns) => width(fit(any, columns)) === columns))
})
