import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { pretokenise } from "../../tools/build/pretokenise"
import { buildProgram, type Bundle } from "../../tools/build/program"
import type { ChipFrame } from "../../tools/monitor/frames"
import { placesOf, type Places } from "../../tools/monitor/places"

const SOURCE = `declare const print: (text: string) => void
declare const setTimeout: (run: () => void, ms: number) => void

const LIMIT = 7

export default () => {
  setTimeout(first, 10)
  setTimeout(second, 20)
  setTimeout(twin, 30)
  setTimeout(otherTwin, 40)
}

function first() {
  const degree = "°°", read = (values: number[]) => values[LIMIT]!.toString()
  print(degree + read([1]) + read([2]))
}

function second() {
  ;[1, 2].forEach(
    function (value) {
      print("a value of " + value)
    },
  )
}

function twin() {
  print("one and the same")
}

function otherTwin() {
  print("one and the same")
}
`

let folder: string
let bundle: Bundle
const forms = { plain: undefined as Places | undefined, pretokenised: undefined as Places | undefined }

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "motewire-places-"))
  writeFileSync(path.join(folder, "program.ts"), SOURCE)
  bundle = await buildProgram(path.join(folder, "program.ts"))
  forms.plain = await placesOf({ bundle, code: bundle.code, file: "mw.1", firmware: "2v29" })
  const { code } = pretokenise(bundle, "2v29")
  forms.pretokenised = await placesOf({ bundle, code, file: "mw.1", firmware: "2v29" })
})
afterAll(() => rmSync(folder, { recursive: true }))

const FIRST = "e[7].toString()"
const SECOND = 'print("a value of "+e)'

describe.each(["plain", "pretokenised"] as const)("places of a %s program", (form) => {
  /** As `LINE:COLUMN FUNCTION`. */
  const placeAt = (frame: Omit<ChipFrame, "line">): string | undefined => {
    const place = forms[form]!.of({ line: 1, ...frame })
    return place && `${place.line}:${place.column} ${place.function}`
  }
  const lineOf = (text: string) => SOURCE.split("\n").findIndex((line) => line.includes(text)) + 1
  const columnOf = (text: string) => SOURCE.split("\n")[lineOf(text) - 1]!.indexOf(text) + 1

  it("have the line and column as they were typed, and the function's own name", () => {
    const typed = `${lineOf("toString")}:${columnOf("toString")} read`
    expect(placeAt({ name: "e", column: FIRST.indexOf(".") + 1, excerpt: FIRST })).toBe(typed)
  })

  it("are those of the line that uses a constant, not of the one that declares it", () => {
    const typed = `${lineOf("values[")}:${columnOf("values[")} read`
    expect(placeAt({ column: FIRST.indexOf("[") + 1, excerpt: FIRST })).toBe(typed)
    expect(placeAt({ column: FIRST.indexOf("7") + 1, excerpt: FIRST })).toBe(typed)
  })

  it("name what a callback is handed to", () => {
    const typed = `${lineOf('"a value')}:${columnOf('print("a value')} callback of forEach`
    expect(placeAt({ column: SECOND.length, excerpt: SECOND })).toBe(typed)
  })

  it("are where a call begins, which ends lines below", () => {
    const body = `[1,2].forEach(e=>{${SECOND}})`
    const column = form === "plain" ? body.length : body.length - 1
    expect(placeAt({ column, excerpt: body })).toBe(`${lineOf("].forEach")}:${columnOf("forEach")} second`)
  })

  it("follow the program's file where the firmware knows it", () => {
    const code = form === "plain" ? bundle.code : pretokenise(bundle, "2v29").code
    const column = code.indexOf("toString") + 1
    expect(placeAt({ file: "mw.1", column })).toMatch(/ read$/)
    expect(placeAt({ file: "mw.2", column })).toBeUndefined()
    expect(placeAt({ file: "mw.1", column: column + 1 })).toBeUndefined()
    expect(placeAt({ file: "mw.1", column, excerpt: "" })).toMatch(/ read$/)
    expect(placeAt({ file: "mw.1", column, excerpt: FIRST })).toMatch(/ read$/)
    expect(placeAt({ file: "mw.1", column, excerpt: "e[7].toFixed()" })).toBeUndefined()
  })

  it("are unknown of what is typed at the prompt, be it the text of a function", () => {
    const frame = { column: FIRST.indexOf(".") + 1, excerpt: FIRST }
    expect(placeAt({ ...frame, name: "r" })).toMatch(/ read$/)
    expect(placeAt({ ...frame, name: "REPL" })).toBeUndefined()
  })

  it.each([
    ["of two functions of one text", 'print("one and the same")', 25],
    ["without the text around", undefined, 5],
    ["with a text that is not in the program", "e[7].toFixed()", 5],
    ["in the middle of a word", FIRST, 7],
    ["behind the end", FIRST, FIRST.length + 1],
  ])("are unknown %s", (_, excerpt, column) => {
    expect(placeAt({ column, excerpt })).toBeUndefined()
  })
})
