import { existsSync, readFileSync, statSync } from "node:fs"
import path from "node:path"
import { transform } from "esbuild"
import type { Plugin } from "rollup"
import { bytesAsEscapes } from "./text"

/** The bundle's first module: it joins a program to the chip. Virtual, so that a program names no chip. */
export const ENTRY = "\0motewire"

/** Modules of one bundle: the entry, "motewire" imports and TypeScript files, stripped of their types. */
export function modules(programFile: string, root: string, isRecording: boolean): Plugin {
  return {
    name: "motewire-modules",
    resolveId: (wanted, importer) => (wanted === ENTRY ? ENTRY : resolveModule(wanted, importer, root)),
    // Left as it is for the gate, which names the line and says what to write instead.
    resolveDynamicImport: () => ({ id: "import()", external: true }),
    load: (id) =>
      id === ENTRY ? entrySource(programFile, root, isRecording) : bytesAsEscapes(readFileSync(id, "utf8")),
    transform: (code, id) => (id === ENTRY ? undefined : stripTypes(code, id, isRecording)),
  }
}

function entrySource(programFile: string, root: string, isRecording: boolean): string {
  const platform = path.join(root, `src/hal/espruino/${isRecording ? "record/entry" : "platform"}.ts`)
  return [
    `import program from ${JSON.stringify(programFile)}`,
    `import { platform } from ${JSON.stringify(platform)}`,
    "program(platform)",
  ].join("\n")
}

/** "motewire" is src/index.ts and "motewire/x" is src/x.ts; npm packages resolve to nothing and so fail the build. */
export function resolveModule(wanted: string, importer: string | undefined, root: string): string | undefined {
  if (wanted === "motewire") return tsFile(path.join(root, "src/index"))
  if (wanted.startsWith("motewire/")) return tsFile(path.join(root, "src", wanted.slice(9)))
  if (path.isAbsolute(wanted)) return tsFile(wanted)
  if (wanted.startsWith(".") && importer) return tsFile(path.resolve(path.dirname(importer), wanted))
  return undefined
}

function tsFile(base: string): string | undefined {
  return [base, `${base}.ts`, path.join(base, "index.ts")].find((file) => existsSync(file) && statSync(file).isFile())
}

/**
 * esbuild removes types and nothing else: `esnext` keeps `async`, `#private` and their like as they were written,
 * so that the gate names them instead of the helpers they would become.
 */
export async function stripTypes(
  code: string,
  id: string,
  isRecording: boolean,
): Promise<{ code: string; map: string }> {
  return transform(code, {
    loader: "ts",
    sourcefile: id,
    sourcemap: "external",
    target: "esnext",
    // The chip initialises fields with the wrong `this` (Espruino 2v29): fields become assignments in the constructor.
    supported: { "class-static-blocks": false },
    define: { __SCHEMA__: "false", __RECORD__: String(isRecording) },
    charset: "ascii",
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  })
}
