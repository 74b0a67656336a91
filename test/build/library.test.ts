import { readFileSync } from "node:fs"
import ts from "typescript"
import { beforeAll, describe, expect, it } from "vitest"
import { ABSENT_METHODS, STANDARD, STATICS } from "../../tools/build/gate/builtins"
import { INTERPRETER, printedByInterpreter, WHY_SKIPPED } from "./interpreter"

const FILE = "src/espruino-lib.d.ts"
const library = ts.createSourceFile(FILE, readFileSync(FILE, "utf8"), ts.ScriptTarget.Latest, true)

/** Values of each declared interface, as the interpreter can make them. */
const SAMPLES: Record<string, string> = {
  Array: "[1]",
  ArrayBuffer: "new ArrayBuffer(4)",
  DataView: "new DataView(new ArrayBuffer(8))",
  Date: "new Date(0)",
  Error: 'new Error("x")',
  Function: "function(a){return a}",
  Number: "1.5",
  Promise: "Promise.resolve(1)",
  ReadonlyArray: "[1]",
  RegExp: "/a/",
  String: '"a"',
  TypedArray: "new Uint8Array(2)",
  Object: "({})",
}

const names = (node: ts.InterfaceDeclaration): string[] =>
  node.members.flatMap((member) => (member.name && ts.isIdentifier(member.name) ? [member.name.text] : []))
const interfaces = library.statements.filter(ts.isInterfaceDeclaration)

/** Every member the library declares, as an expression that reads it. */
const instanceMembers = interfaces
  .filter(({ name }) => SAMPLES[name.text])
  .flatMap((one) => names(one).map((member) => `${SAMPLES[one.name.text]}.${member}`))
const staticMembers = interfaces
  .filter(({ name }) => name.text.endsWith("Constructor") || /^(Math|JSON)$/.test(name.text))
  .map((one) => [one.name.text.replace("Constructor", ""), names(one).filter((name) => name !== "prototype")] as const)
const values = library.statements.flatMap((one) => {
  if (ts.isFunctionDeclaration(one)) return [one.name!.text]
  return ts.isVariableStatement(one) ? one.declarationList.declarations.map(({ name }) => name.getText()) : []
})

describe("the device's library and the gate", () => {
  it("declares no global that the gate would refuse", () => {
    expect(values.filter((name) => !STANDARD.includes(name))).toEqual([])
  })

  it.each(staticMembers.filter(([owner]) => STATICS[owner]))("agree on the statics of %s", (owner, declared) => {
    const known = STATICS[owner].split(/\s+/)
    expect(declared.filter((name) => !known.includes(name))).toEqual([])
  })

  it("agree on which methods are absent", () => {
    const declared = interfaces.flatMap(names)
    expect(ABSENT_METHODS.filter((name) => declared.includes(name))).toEqual([])
  })
})

describe.skipIf(!INTERPRETER)(`the device's library against ${INTERPRETER ?? WHY_SKIPPED}`, () => {
  const present = new Map<string, boolean>()
  const statics = Object.entries(STATICS).flatMap(([owner, list]) =>
    list.split(/\s+/).map((name) => `${owner}.${name}`),
  )
  const absent = ABSENT_METHODS.flatMap((name) => Object.values(SAMPLES).map((sample) => `${sample}.${name}`))

  beforeAll(async () => {
    const expressions = [...values, ...instanceMembers, ...statics, ...absent]
    const script = expressions.map((one) => `try{print((${one})===undefined?0:1)}catch(e){print(0)}`).join("\n")
    const lines = await printedByInterpreter(script)
    expressions.forEach((one, at) => present.set(one, lines[at] === "1"))
  })

  const missing = (expressions: string[]) => expressions.filter((one) => !present.get(one))

  it("declares only globals that are there", () => {
    expect(missing(values)).toEqual([])
  })

  // These are read as undefined where they mean "nothing": an error that was not thrown has no stack.
  it("declares only members that are there", () => {
    expect(missing(instanceMembers).filter((one) => !one.endsWith(".stack"))).toEqual([])
  })

  it("knows only statics that are there", () => {
    expect(missing(statics)).toEqual([])
  })

  it("refuses only methods that nothing has", () => {
    expect(absent.filter((one) => present.get(one))).toEqual([])
  })
})
