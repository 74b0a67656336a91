import { expect, it } from "vitest"
import { endOf, readPartitions } from "../../tools/firmware/partitions"
import { ENTRIES, table } from "./images"

const EXPECTED = ENTRIES.map(([label, type, , offset, bytes]) => ({ label, isApp: type === "app", offset, bytes }))

it("reads a table, with its digest and, as older tools wrote it, without", () => {
  expect(readPartitions(table())).toEqual(EXPECTED)
  expect(readPartitions(table(ENTRIES, false))).toEqual(EXPECTED)
  expect(endOf(EXPECTED)).toBe(4 << 20)
})

it("finds no table in blank flash, in anything else, and in one with a wrong bit", () => {
  expect(readPartitions(Buffer.alloc(0xc00, 0xff))).toBeUndefined()
  expect(readPartitions(Buffer.alloc(0xc00))).toBeUndefined()
  expect(readPartitions(Buffer.alloc(10, 0xaa))).toBeUndefined()
  for (const at of [0, 5, 40, 32 * ENTRIES.length + 20]) {
    const spoilt = table()
    spoilt[at] ^= 1
    expect(readPartitions(spoilt), `${at}`).toBeUndefined()
  }
})

it("reads a full table to its end", () => {
  const many = Array.from({ length: 96 }, (_, n) => [`p${n}`, "data", 0x40, 0x10000 * n, 0x10000] as const)
  expect(
    readPartitions(
      table(
        many.map((each) => [...each]),
        false,
      ),
    ),
  ).toHaveLength(96)
})
