import { expect, test } from "vitest"
import { listFaults } from "../../../sim/faults/list"

test("every fault of every part in the catalogue is explained, and not by its own name", () => {
  const rows = listFaults()
  expect(rows.filter(({ of }) => of === "BOARD.dht22").map(({ fault }) => fault)).toContain("short-frame")
  const words = (text = "") => new Set(text.toLowerCase().match(/\w+/g))
  const empty = rows.filter(({ fault, text }) => {
    const own = words(fault)
    return [...words(text)].filter((word) => !own.has(word)).length < 2
  })
  expect(empty).toEqual([])
})
