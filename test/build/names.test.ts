import { readFileSync } from "node:fs"
import ts from "typescript"
import { describe, expect, it } from "vitest"
import { manglable, OWN_NAMES } from "../../tools/build/names"

/** Every member that a file names, declares or reads. */
function membersOf(file: string): Set<string> {
  const names = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) names.add(node.name.text)
    else if ((ts.isTypeElement(node) || ts.isClassElement(node)) && node.name && ts.isIdentifier(node.name))
      names.add(node.name.text)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true))
  return names
}

const codeWith = (sources: Record<string, string>) => ({
  code: "",
  map: JSON.stringify({ sources: Object.keys(sources), sourcesContent: Object.values(sources) }),
})

describe("our own names", () => {
  // These name what Espruino makes, or what a settings record holds: renamed, they would be missed in silence.
  it.each([
    "src/espruino-lib.d.ts",
    "src/hal/espruino/globals.ts",
    "src/hal/socket.ts",
    "src/hal/storage.ts",
    "src/hal/wifi.ts",
    "src/device/settings-schema.ts",
  ])("are none of %s", (file) => {
    const members = membersOf(file)
    expect(members.size).toBeGreaterThan(1)
    expect(OWN_NAMES.filter((name) => members.has(name))).toEqual([])
  })

  it("are listed once", () => {
    expect(OWN_NAMES.length).toBe(new Set(OWN_NAMES).size)
  })
})

describe("a bundle's members", () => {
  it("lose their names when only the library mentions them, or with an underscore", () => {
    const members = manglable(codeWith({ "src/device/loop.ts": "chip.nowMs()", "src/apps/a.ts": "print(1)" }))
    expect(["nowMs", "_dueMs", "length", "write"].filter((name) => members.test(name))).toEqual(["nowMs", "_dueMs"])
  })

  it.each(["src/apps/a.ts", "examples/a.ts", "my/program.ts"])("keep them when %s mentions them", (file) => {
    const members = manglable(codeWith({ "src/device/loop.ts": "chip.nowMs()", [file]: "JSON.parse(text).nowMs" }))
    expect(members.test("nowMs")).toBe(false)
  })
})
