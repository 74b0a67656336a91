import { existsSync, readFileSync } from "node:fs"
import path from "node:path"

/** The map with the files as their authors typed them, not as the build escaped them (text.ts). */
export function originalSources(map: string, root: string): string {
  const parsed = JSON.parse(map) as { sources: string[]; sourcesContent?: (string | null)[] }
  parsed.sourcesContent = parsed.sources.map((source) => {
    const file = path.join(root, source)
    return existsSync(file) ? readFileSync(file, "utf8") : null
  })
  return JSON.stringify(parsed)
}
