import { writeFileSync, mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { describeProgram } from "../../tools/build/program"
import { HOUSE, LAMP, refusalOf } from "./house"

function programFile(text: string): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), "motewire-")), "program.ts")
  writeFileSync(file, text)
  return file
}

describe("describeProgram", () => {
  it("tells the settings that a program declares", async () => {
    expect(await describeProgram(LAMP, { root: HOUSE })).toEqual({
      settings: { level: { kind: "number", min: 0, max: 255 } },
      isForSeveralBrokers: false,
    })
  })

  it.each([
    ["secure", false],
    ["web", false],
    ["several", true],
    ["five", true],
  ])("takes a program that imports another transport or several brokers (%s)", async (name, isForSeveralBrokers) => {
    const description = await describeProgram(`test/scenarios/programs/${name}.ts`)
    expect(description).toEqual({ settings: {}, isForSeveralBrokers })
  })

  it("refuses a file that imports what is no module of ours, even one that the chip has", async () => {
    const file = programFile('import net from "net"\nexport default { settings: { a: net } }')
    expect(await refusalOf(describeProgram(file, { root: HOUSE }))).toMatch(/There is no module "net" for device code/)
  })

  it("refuses a file whose default export is no program", async () => {
    const told = await refusalOf(describeProgram(programFile("export default () => 1"), { root: HOUSE }))
    expect(told).toMatch(/default-export a program/)
  })

  it("refuses a program that reaches for the chip while it is loaded, with the line", async () => {
    const file = programFile("declare function print(t: string): void\nprint('x')\nexport default {}")
    expect(await refusalOf(describeProgram(file, { root: HOUSE }))).toMatch(/program\.ts.* print is not defined/)
  })

  it("blames the program for a value where a kind of setting belongs, with the line", async () => {
    const file = programFile('export default {\n  settings: { fan: 16, hello: "x", level: () => 1 },\n}')
    const told = await refusalOf(describeProgram(file, { root: HOUSE }))
    expect(told).toMatch(/program\.ts:2:15 {2}The setting fan is declared as 16, which is no kind of setting/)
    expect(told).toContain("Write `fan: output()` for a pin")
    expect(told).toContain("Write `hello: text()`")
    expect(told).toContain("level is declared as a function that is not called")
  })

  it("tells which drivers there are, and that npm and Node modules cannot be used", async () => {
    const text =
      'import a from "motewire/drivers/bme280"\nimport b from "node:fs"\nimport c from "./no"\nexport default a+b+c'
    const told = await refusalOf(describeProgram(programFile(text), { root: HOUSE }))
    expect(told).toContain('There is no driver "bme280".\n    There are lamp.')
    expect(told).toMatch(
      /:2:\d+ {2}There is no module "node:fs" for device code\..*\n.*npm and Node modules cannot run/,
    )
    expect(told).toContain('There is no file "./no".')
    expect(told).not.toContain("Mend the syntax")
  })

  it("refuses a program that never ends loading", async () => {
    const file = programFile("for (;;) {}\nexport default {}")
    expect(await refusalOf(describeProgram(file, { root: HOUSE, timeoutMs: 200 }))).toMatch(/timed out|200ms/)
  })

  it("refuses a syntax error with its place", async () => {
    expect(await refusalOf(describeProgram(programFile("export default {"), { root: HOUSE }))).toMatch(
      /program\.ts:1:\d+/,
    )
  })
})
