import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { crc8 } from "../../src/util/crc8"

/** The same sum, bit by bit: the polynomial is taken off wherever the topmost bit is set. */
function bitwise(bytes: number[]): number {
  let crc = 0xff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x31) & 0xff : crc << 1
  }
  return crc
}

describe("crc8", () => {
  // SHT3x-DIS datasheet, section 4.12; the others from the check value of CRC-8/NRSC-5 and by hand.
  test.each([
    ["the datasheet's example", [0xbe, 0xef], 0x92],
    ["the catalogue's check text", [..."123456789"].map((char) => char.charCodeAt(0)), 0xf7],
    ["nothing", [], 0xff],
    ["a byte of ones, which the start value cancels", [0xff], 0x00],
  ])("of %s", (_what, bytes, crc) => {
    expect(crc8(Uint8Array.from(bytes), 0, bytes.length)).toBe(crc)
  })

  test("is what the sum bit by bit is, wherever the bytes stand, and 0 over bytes and sum", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 9 }), fc.nat(5), (bytes, at) => {
        const crc = bitwise(bytes)
        const all = Uint8Array.from([...Array<number>(at).fill(0x5a), ...bytes, crc, 0xa5])
        expect([crc8(all, at, bytes.length), crc8(all, at, bytes.length + 1)]).toEqual([crc, 0])
      }),
    )
  })
})
