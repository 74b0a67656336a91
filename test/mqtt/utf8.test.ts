import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { isText } from "../../src/mqtt/utf8"
import { hex, utf8 } from "../fakes/bytes"

/** What Node's own decoder takes. */
function isTextForNode(bytes: string): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(bytes, "latin1"))
    return true
  } catch {
    return false
  }
}

describe("well-formed UTF-8", () => {
  // First and last of each length, and the neighbours of the surrogates (table 3-7 of Unicode).
  test.each([
    "",
    "a/b",
    "\0",
    "\x7f",
    "\x80",
    "\u07ff",
    "\u0800",
    "\ud7ff",
    "\ue000",
    "\uffff",
    "\u{10000}",
    "\u{10ffff}",
  ])("%j is", (text) => {
    expect(isText(utf8(text))).toBe(true)
  })

  test.each([
    ["80", "a continuation alone"],
    ["c3", "cut behind the first byte"],
    ["e2 82", "cut behind the second"],
    ["f0 9f 98", "cut behind the third"],
    ["c3 41", "a letter instead of a continuation"],
    ["c3 c3", "a first byte instead of a continuation"],
    ["c0 80", "overlong NUL"],
    ["c1 bf", "overlong in two"],
    ["e0 9f bf", "overlong in three"],
    ["f0 8f bf bf", "overlong in four"],
    ["ed a0 80", "the first surrogate"],
    ["ed bf bf", "the last surrogate"],
    ["f4 90 80 80", "above U+10FFFF"],
    ["f5 80 80 80", "a byte that never occurs"],
    ["ff", "a byte that never occurs"],
  ])("%s is not: %s", (bytes) => {
    expect(isText(hex(bytes))).toBe(false)
    expect(isText("a" + hex(bytes) + "b")).toBe(false)
  })

  test("is what another decoder takes, for every two bytes and for any others", () => {
    for (let two = 0; two < 65536; two++) {
      const bytes = String.fromCharCode(two >> 8, two & 255)
      if (isText(bytes) !== isTextForNode(bytes)) throw new Error(two.toString(16))
    }
    // Mostly bytes that could be meant.
    const byte = fc.oneof(
      fc.integer({ min: 0x80, max: 0xf5 }),
      fc.constantFrom(0x41, 0xe0, 0xed, 0xf0, 0xf4, 0xbf, 0x80),
    )
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 6 }), (codes) => {
        const bytes = String.fromCharCode(...codes)
        expect([bytes, isText(bytes)]).toEqual([bytes, isTextForNode(bytes)])
      }),
      { numRuns: 5000 },
    )
    // And whatever text Node wrote.
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => isText(utf8(text))))
  })
})
