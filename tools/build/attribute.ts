import { SourceMap } from "node:module"
import type { Code } from "./program"

export interface ModuleSize {
  /** Relative to the root, or "(wrapper)" for what no module asked for. */
  file: string
  bytes: number
}

/** Bytes of the minified bundle per module: each character belongs to the mapping it follows. Largest first. */
export function bytesPerModule({ code, map }: Code): ModuleSize[] {
  const lookup = new SourceMap(JSON.parse(map))
  const bytes = new Map<string, number>()
  code.split("\n").forEach((line, lineNumber, lines) => {
    const lineBreak = lineNumber < lines.length - 1 ? 1 : 0
    for (let column = 0; column < line.length + lineBreak; column++) {
      const file = ownerOf(lookup, lineNumber, column)
      bytes.set(file, (bytes.get(file) ?? 0) + 1)
    }
  })
  return [...bytes]
    .map(([file, count]) => ({ file, bytes: count }))
    .sort((a, b) => b.bytes - a.bytes || (a.file < b.file ? -1 : 1))
}

function ownerOf(lookup: SourceMap, line: number, column: number): string {
  const entry = lookup.findEntry(line, column)
  return "originalSource" in entry && entry.originalSource ? entry.originalSource : "(wrapper)"
}
