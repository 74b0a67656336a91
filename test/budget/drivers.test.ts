import { mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { barOf, driverBytes, driverNames } from "../../tools/bench/drivers"
import { buildProgram } from "../../tools/build/program"
import { driverTable, importsTold } from "./driver-table"

/** The table may promise so much more than there is, so that it stays true without being touched by every change. */
const SLACK_BYTES = 25

describe("drivers against the tables of docs/drivers.md", () => {
  const table = driverTable()

  it("have a row in both tables, all of them and nobody else, each with its bar", () => {
    expect([...table.keys()].sort(), "each driver of src/drivers has a row in the table of its bytes").toEqual(
      driverNames(),
    )
    expect([...new Set(importsTold())].sort(), "each driver has a row that tells its import").toEqual(driverNames())
    expect([...table].map(([name, { bar }]) => [name, bar])).toEqual(
      [...table.keys()].map((name) => [name, barOf(name)]),
    )
  })

  it.each(driverNames())("%s has the bytes that the table says, and is within its bar", async (name) => {
    const bytes = await driverBytes(name)
    const most = table.get(name)?.bytes ?? 0
    expect(bytes, "larger than promised: shrink it, or write the new figure and the reason").toBeLessThanOrEqual(most)
    expect(bytes, "smaller than the table says: let the table have it").toBeGreaterThan(most - SLACK_BYTES)
    expect(bytes).toBeLessThanOrEqual(barOf(name))
  })

  it.each(
    [...readFileSync("src/drivers/errors.ts", "utf8").matchAll(/^export const (E_\w+) = (-\d+)/gm)].map(
      ([, name, code]) => [name!, code!],
    ),
  )("%s, %s, stands in the table of errors with a remedy", (name, code) => {
    expect(readFileSync("docs/drivers.md", "utf8")).toMatch(
      new RegExp(`^\\| ${code} +\\| \`${name}\` +\\| .{10,} \\|$`, "m"),
    )
  })

  it("begin with a program that builds as it stands", async () => {
    const [, program] = /^```ts\n([^]*?)^```$/m.exec(readFileSync("docs/drivers.md", "utf8"))!
    const file = path.join(mkdtempSync(path.join(tmpdir(), "motewire-drivers-")), "program.ts")
    writeFileSync(file, program!)
    const { modules } = await buildProgram(file, { root: process.cwd() })
    expect(modules.map((module) => module.file)).toContain("src/drivers/sht3x.ts")
  })
})
