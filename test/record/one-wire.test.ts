import { expect, it } from "vitest"
import { readBack, searched, selected, written } from "../../tools/record/one-wire"

it("writes and reads the least bit first", () => {
  expect(written([0x01, 0x44])).toBe("1000000000100010")
  expect(readBack([0x01])).toBe("hlllllll")
})

it("selects a part by its ROM code behind a reset and the command 0x55", () => {
  expect(selected("28ff641e8216043c")).toMatch(/^R10101010000101001{8}/)
  expect(selected("28ff641e8216043c").length).toBe(1 + 9 * 8)
})

it("finds one part in one pass: each bit, its complement, and the master's choice", () => {
  const slots = searched(["28ff641e8216043c"])
  // Search ROM is 0xF0; 0x28 has the bits 0 0 0 1.
  expect(slots).toMatch(/^R00001111lh0lh0lh0hl1/)
  expect(slots.length).toBe(1 + 8 + 3 * 64)
})

it("walks again for a second part, and takes the other way where both answered", () => {
  const slots = searched(["2800000000000001", "2900000000000002"])
  expect(slots.length).toBe(2 * (1 + 8 + 3 * 64))
  expect(slots.slice(9, 12)).toBe("ll0")
  expect(slots.slice(201 + 9, 201 + 12)).toBe("ll1")
})

it("finds nobody on an empty wire", () => {
  expect(searched([])).toBe("r")
})
