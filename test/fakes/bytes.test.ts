import { describe, expect, test } from "vitest"
import { hex, toHex, utf8 } from "./bytes"

describe("bytes", () => {
  test("joins parts and ignores blanks", () => {
    expect(hex("30 03", "0001", " 61")).toBe("\x30\x03\x00\x01a")
  })

  test.each(["3", "zz", "30 0"])("refuses %j, which is no hex", (text) => {
    expect(() => hex(text)).toThrow("not hex")
  })

  test("writes every byte with two digits", () => {
    expect(toHex("\x00\xffa")).toBe("00 ff 61")
  })

  test("refuses a character that is no byte", () => {
    expect(() => toHex("€")).toThrow("not bytes")
  })

  test("turns text into its UTF-8 bytes", () => {
    expect(toHex(utf8("°"))).toBe("c2 b0")
  })
})
