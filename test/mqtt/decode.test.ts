import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { fixedHeader } from "../../src/mqtt/decode"
import { remainingLength } from "../../src/mqtt/encode"
import { hex } from "../fakes/bytes"

/** What the one number says: bytes of the header, and the remaining length. */
const parts = (header: number): [number, number] => [header & 7, header >> 3]

describe("fixed header", () => {
  // Table 2.4 of the standard, behind the first byte of a PUBLISH.
  test.each([
    ["30 00", 2, 0],
    ["30 7f", 2, 127],
    ["30 80 01", 3, 128],
    ["30 ff 7f", 3, 16383],
    ["30 80 80 01", 4, 16384],
    ["30 ff ff 7f", 4, 2097151],
    ["30 80 80 80 01", 5, 2097152],
    ["30 ff ff ff 7f", 5, 268435455],
  ])("%s has %d bytes and announces %d", (bytes, size, length) => {
    expect(parts(fixedHeader(hex(bytes)))).toEqual([size, length])
  })

  test("reads no further than the header", () => {
    expect(parts(fixedHeader(hex("40 02 ff ff ff ff ff")))).toEqual([2, 2])
  })

  test.each(["", "30", "30 80", "30 ff ff", "30 80 80 80"])("waits for more after %j", (bytes) => {
    expect(fixedHeader(hex(bytes))).toBe(0)
  })

  test.each(["30 ff ff ff ff", "30 80 80 80 80 01", "30 ff ff ff ff 7f"])(
    "refuses a fifth length byte: %s",
    (bytes) => {
      expect(fixedHeader(hex(bytes))).toBe(-1)
    },
  )

  test("takes a length in more bytes than it needs, which 3.1.1 does not forbid", () => {
    expect(parts(fixedHeader(hex("30 85 00")))).toEqual([3, 5])
  })

  test("is the reverse of the encoder, whole or cut anywhere", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 268435455 }), (length) => {
        const bytes = "\x30" + remainingLength(length)
        expect(parts(fixedHeader(bytes))).toEqual([bytes.length, length])
        for (let cut = 0; cut < bytes.length; cut++) expect(fixedHeader(bytes.slice(0, cut))).toBe(0)
      }),
    )
  })
})
