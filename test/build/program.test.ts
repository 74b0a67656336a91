import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { buildProgram, describeProgram } from "../../tools/build/program"
import { HOUSE, LAMP, refusalOf } from "./house"
import { buildFile, buildSnippet, printedByV8 } from "./snippet"

describe("buildProgram", () => {
  it("joins the program to the chip and runs it", async () => {
    const { code } = await buildProgram(LAMP, { root: HOUSE })
    expect(printedByV8(code)).toEqual(["255 \xc2\xb0C"])
  })

  it("makes ASCII only, counts its bytes and names their hash", async () => {
    const { code, bytes, sha256 } = await buildProgram(LAMP, { root: HOUSE })
    expect(code).toMatch(/^[\x20-\x7e]+$/)
    expect(bytes).toBe(code.length)
    expect(sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  it("makes the same bytes and the same map wherever the checkout lies", async () => {
    const elsewhere = path.join(mkdtempSync(path.join(tmpdir(), "motewire-")), "a/deeper/folder")
    cpSync(HOUSE, elsewhere, { recursive: true })
    const [here, there] = [await buildProgram(LAMP, { root: HOUSE }), await buildProgram(LAMP, { root: elsewhere })]
    expect(there).toEqual(here)
    rmSync(elsewhere, { recursive: true })
  })

  it("leaves out what nothing uses, whole modules and exports alike", async () => {
    const { code, modules } = await buildProgram(LAMP, { root: HOUSE })
    expect(code).not.toContain("must not reach a bundle")
    expect(modules.map(({ file }) => file)).not.toContain("src/unused.ts")
  })

  it("shortens private members only", async () => {
    const { code } = await buildProgram(LAMP, { root: HOUSE })
    expect(code).not.toContain("_level")
    expect(code).toContain("get level()")
  })

  it("maps every module to the file as it was typed, relative to the root", async () => {
    const { map } = await buildProgram(LAMP, { root: HOUSE })
    const { sources, sourcesContent } = JSON.parse(map)
    expect(sources).toContain("apps/lamp.ts")
    expect(sourcesContent[sources.indexOf("apps/lamp.ts")]).toContain("°C")
    expect(map).not.toContain(HOUSE)
  })

  it("adds no name to the chip's globals", async () => {
    const { code } = await buildSnippet(
      "class A { f({ a, ...r }: any = {}) { return [a, r] } } print(new A().f().length)",
    )
    const before = Object.getOwnPropertyNames(globalThis)
    new Function("print", code)(() => undefined)
    expect(Object.getOwnPropertyNames(globalThis)).toEqual(before)
  })

  it("never names a variable `of`, which the chip reserves", async () => {
    const many = Array.from({ length: 900 }, (_, at) => `let v${at} = ${at} + print.length`).join("; ")
    const uses = Array.from({ length: 900 }, (_, at) => `print(v${at}++)`).join("; ")
    const { code } = await buildSnippet(`${many}; const f = () => { ${uses} }; f(); f()`)
    expect(code).toMatch(/\bod\b|\bog\b/)
    expect(code).not.toMatch(/\bof\b/)
  })
})

describe("buildProgram refuses", () => {
  it("an npm or Node module, at the line of its import", async () => {
    const told = await refusalOf(buildFile('const a = 1\nimport fs from "node:fs"\nexport default () => fs\n'))
    expect(told).toMatch(/^snippet-\d+\.ts:2:16 {2}There is no module "node:fs"/)
  })

  it("a name that a module does not export", async () => {
    const told = await refusalOf(
      buildFile('import { gone } from "motewire/hal/espruino/platform"\nexport default gone\n'),
    )
    expect(told).toMatch(/^snippet-\d+\.ts:1:10 {2}motewire\/hal\/espruino\/platform does not export "gone"/)
  })

  it("a misspelt name of motewire's, with the one that is meant", async () => {
    const source = 'import { annalog, program } from "motewire"\nexport default program({ a: annalog() }, () => {})\n'
    const file = path.join(mkdtempSync(path.join(tmpdir(), "motewire-")), "misspelt.ts")
    writeFileSync(file, source)
    const said = /misspelt\.ts:1:10 {2}motewire does not export "annalog"\.\n {4}Did you mean analog\?/
    expect(await refusalOf(buildProgram(file, { root: process.cwd() }))).toMatch(said)
    expect(await refusalOf(describeProgram(file, { root: process.cwd() }))).toMatch(said)
  })

  it("a syntax error, at its typed column", async () => {
    const told = await refusalOf(buildFile("export default () => {\n  '°' + }\n"))
    expect(told).toMatch(/^snippet-\d+\.ts:2:9 {2}Unexpected "}"/)
  })

  it("a name outside ASCII", async () => {
    expect(await refusalOf(buildFile("export default () => { const é = 1; return é }"))).toMatch(/plain ASCII/)
  })

  it("a program without a default export", async () => {
    expect(await refusalOf(buildFile("export const a = 1"))).toMatch(/does not export "default"/)
  })

  it("a file that is not there", async () => {
    expect(await refusalOf(buildProgram("apps/gone.ts", { root: HOUSE }))).toMatch(/gone\.ts/)
  })

  it("imports in a circle", async () => {
    expect(await refusalOf(buildProgram("apps/circle.ts", { root: HOUSE }))).toMatch(
      /in a circle: apps\/circle\.ts -> /,
    )
  })
})

describe("a build through a symbolic link", () => {
  it("makes the same bytes", async () => {
    const link = path.join(mkdtempSync(path.join(tmpdir(), "motewire-")), "link")
    symlinkSync(HOUSE, link)
    const [here, there] = [await buildProgram(LAMP, { root: HOUSE }), await buildProgram(LAMP, { root: link })]
    expect(there.sha256).toBe(here.sha256)
  })
})
