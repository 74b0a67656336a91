import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { listFaults } from "../../sim/faults/list"
import { FAULT_GRAMMAR } from "../../sim/faults/grammar"
import * as library from "../../tools/sim"

const text = readFileSync("docs/simulator.md", "utf8")

/** Rows of the table whose first column has this title. */
function tableOf(title: string): string[][] {
  const lines = text.split("\n")
  const head = lines.findIndex((line) => line.startsWith(`| ${title} |`))
  const rows = lines.slice(head + 2)
  // Whatever follows without an empty line is shown as a row.
  expect(rows.find((line) => !line.startsWith("|"))).toBe("")
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith("|")),
    )
    .map((row) =>
      row
        .slice(2, -2)
        .split(/ (?<!\\)\| /)
        .map((cell) => cell.replaceAll("`", "").replaceAll("\\|", "|")),
    )
}

test("docs/simulator.md lists every fault but those of parts, as the code has them", () => {
  const isOfPart = (of: string) => of.startsWith("BOARD.") && of !== "BOARD.PIN"
  const rows = listFaults().filter(({ of }) => !isOfPart(of))
  expect(tableOf("Fault")).toEqual(rows.map(({ of, written, text: what }) => [`${of}: ${written}`, what]))
  expect(text).toContain(FAULT_GRAMMAR)
})

test("and begins with a test that is one of ours", () => {
  expect(text).toContain(readFileSync("test/examples/climate.test.ts", "utf8"))
})

test("and names what the library gives", () => {
  for (const name of Object.keys(library)) expect(text, name).toMatch(new RegExp(`\\b${name}\\b`))
})
