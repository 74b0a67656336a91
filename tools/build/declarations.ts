import { SourceMap } from "node:module"
import type { Code } from "./program"

export interface DeclarationSize {
  name: string
  bytes: number
}

/** What a file holds at its top level: the formatter writes these, and no others, at the beginning of a line. */
const DECLARATION = /^(?:export )?(?:(default)|(?:async )?(?:function|const|let|class) ([\w$]+))/

/** Bytes of the minified bundle per file and declaration of its top level, exported or not. Largest first. */
export function bytesPerDeclaration({ code, map }: Code): Map<string, DeclarationSize[]> {
  const parsed = JSON.parse(map) as { sources: string[]; sourcesContent: (string | null)[] }
  const owners = new Map(parsed.sources.map((file, at) => [file, ownersByLine(parsed.sourcesContent[at] ?? "")]))
  const lookup = new SourceMap(JSON.parse(map))
  const bytes = new Map<string, Map<string, number>>()
  code.split("\n").forEach((line, lineNumber) => {
    for (let column = 0; column < line.length; column++) {
      const entry = lookup.findEntry(lineNumber, column)
      if (!("originalSource" in entry) || !entry.originalSource) continue
      const name = owners.get(entry.originalSource)?.[entry.originalLine] ?? "(top level)"
      const perName = bytes.get(entry.originalSource) ?? new Map<string, number>()
      bytes.set(entry.originalSource, perName.set(name, (perName.get(name) ?? 0) + 1))
    }
  })
  return new Map([...bytes].map(([file, perName]) => [file, largestFirst(perName)]))
}

function ownersByLine(source: string): string[] {
  let owner = "(top level)"
  return source.split("\n").map((line) => {
    const [found, isDefault, name] = DECLARATION.exec(line) ?? []
    if (found) owner = isDefault ?? name!
    return owner
  })
}

const largestFirst = (perName: Map<string, number>): DeclarationSize[] =>
  [...perName].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => b.bytes - a.bytes)
