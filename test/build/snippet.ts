import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import vm from "node:vm"
import { buildProgram, type Bundle } from "../../tools/build/program"

/** A root with nothing in it but a chip that prints; snippets become its programs. */
const ROOT = mkdtempSync(path.join(tmpdir(), "motewire-snippets-"))
const PLATFORM =
  'declare function print(text: string): void\nexport const platform = (text: unknown) => print("" + text)\n'
mkdirSync(path.join(ROOT, "src/hal/espruino"), { recursive: true })
writeFileSync(path.join(ROOT, "src/hal/espruino/platform.ts"), PLATFORM)

let count = 0

/** The lines of `body` run inside a program whose only argument is `print`; line 1 of the file is the body's first. */
export function buildSnippet(body: string): Promise<Bundle> {
  return buildFile(`export default (print: (text: unknown) => void) => { ${body}\n}\n`)
}

/** Builds `source` as a whole file; its default export is called with `print`. */
export async function buildFile(source: string): Promise<Bundle> {
  const file = `snippet-${++count}.ts`
  writeFileSync(path.join(ROOT, file), source)
  return buildProgram(file, { root: ROOT })
}

export function printedByV8(code: string): string[] {
  const lines: string[] = []
  vm.runInNewContext(code, { print: (text: string) => lines.push(text) })
  return lines
}
