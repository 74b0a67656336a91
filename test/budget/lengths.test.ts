import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import ts from "typescript"
import { describe, expect, it } from "vitest"

const MAX_FILE_LINES = 300
/** A file may have more, up to this, when its comments say "long because" and why. */
const MAX_EXCUSED_LINES = 400
/**
 * Own lines of one function, those of functions inside it not counted: a factory's state, wiring and result. The longest make the
 * MQTT client, and wire a device.
 */
const MAX_FUNCTION_LINES = 80
/** What a device function is in the middle: about 8 lines (style.md §1). */
const MAX_MEDIAN_LINES = 8

const sources = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    // A declaration file lists a library: its length is the library's.
    .filter((file) => /\.(ts|mjs|js)$/.test(file) && !file.endsWith(".d.ts"))

interface Function {
  where: string
  lines: number
}

/** Every function of a file with its own lines. */
function functionsOf(file: string): Function[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true)
  const line = (position: number) => source.getLineAndCharacterOfPosition(position).line
  const found: Function[] = []

  /** Returns the lines that functions under `node` take. */
  function visit(node: ts.Node): number {
    let inner = 0
    ts.forEachChild(node, (child) => void (inner += visit(child)))
    if (!ts.isFunctionLike(node) || !("body" in node) || !node.body) return inner
    const lines = line(node.end) - line(node.getStart()) + 1
    found.push({ where: `${file}:${line(node.getStart()) + 1}`, lines: lines - inner })
    return lines > 1 ? lines : inner
  }

  visit(source)
  return found
}

describe("lengths", () => {
  it.each(["src", "sim", "tools"])(`no file of %s is longer than ${MAX_FILE_LINES} lines, or it says why`, (folder) => {
    const isTooLong = (file: string) => {
      const text = readFileSync(file, "utf8")
      const lines = text.split("\n").length - 1
      return lines > (/(\/\/| \*).*\blong because\b/i.test(text) ? MAX_EXCUSED_LINES : MAX_FILE_LINES)
    }
    expect(sources(folder).length).toBeGreaterThan(10)
    expect(sources(folder).filter(isTooLong)).toEqual([])
  })

  it(`no device function has more than ${MAX_FUNCTION_LINES} lines of its own, and the median few`, () => {
    const all = sources("src").flatMap(functionsOf)
    expect(all.filter(({ lines }) => lines > MAX_FUNCTION_LINES)).toEqual([])
    const ordered = all.map(({ lines }) => lines).toSorted((a, b) => a - b)
    expect(ordered[Math.floor(ordered.length / 2)]).toBeLessThanOrEqual(MAX_MEDIAN_LINES)
  })
})
