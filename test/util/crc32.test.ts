import { gzipSync } from "node:zlib"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { crc32 } from "../../src/util/crc32"

describe("CRC-32", () => {
  test.each([
    ["", 0],
    ["123456789", 0xcbf43926], // the check value of CRC-32/ISO-HDLC in every catalogue
    ["a", 0xe8b7be43],
    ["\xff\xff\xff\xff", 0xffffffff],
  ])("of %j is %d", (bytes, crc) => {
    expect(crc32(bytes)).toBe(crc)
  })

  test("agrees with zlib on any bytes: a gzip file ends in the CRC and the length (RFC 1952, 2.3.1)", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(crc32(Buffer.from(bytes).toString("latin1"))).toBe(
          gzipSync(bytes).readUInt32LE(gzipSync(bytes).length - 8),
        )
      }),
    )
  })
})
