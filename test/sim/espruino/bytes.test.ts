import { describe, expect, test } from "vitest"
import { asChipSource } from "../../../sim/espruino/source"
import { valueOf } from "../fixture"

describe("trap: strings are bytes", () => {
  test.each([
    ["String.fromCharCode(0x20ac).charCodeAt(0)", "172"],
    ['"\\u20ac".charCodeAt(0)', "172"],
    ['"\\u00e9".length + " " + "\\u00e9".charCodeAt(0)', "1 233"],
    ['"é".length', "2"],
    ['"€".length', "3"],
    ["`\\u20ac`.length + `${1}`", "11"],
    ["JSON.parse('\"\\\\u20ac\"').charCodeAt(0)", "172"],
    ['JSON.stringify("\\xC2\\xB0C")', '"\\u00C2\\u00B0C"'],
    ['JSON.stringify("\\x7f\\x01\\n\\"")', '"\\u007F\\u0001\\n\\""'],
    ["E.toString([65, 66, 321])", "ABA"],
    ["E.toString(new Uint8Array([72, 105]))", "Hi"],
    ["typeof E.fromUTF8('x') + E.isUTF8('x')", "undefinedfalse"],
  ])("%s is %s", async (expression, value) => expect(await valueOf(expression)).toBe(value))

  test("what looks like an escape outside of a string, or behind a backslash, is left alone", () => {
    expect(asChipSource("/\\u20ac/.test(x)")).toBe("/\\u20ac/.test(x)")
    expect(asChipSource('"\\\\u20ac"')).toBe('"\\\\u20ac"')
    expect(asChipSource('a = "\\u00b0" + `\\u20ac`')).toBe('a = "\\xb0" + `\\xac`')
  })
})

describe("CRC32", () => {
  // The check value of CRC-32/ISO-HDLC, and the empty string.
  test.each([
    ["'123456789'", 0xcbf43926],
    ["''", 0],
    ["[49, 50]", 0x4f5344cd],
  ])("of %s", async (data, crc) => expect(await valueOf(`E.CRC32(${data})`)).toBe(String(crc)))
})
