#!/usr/bin/env node
// Builds `motewire/mqtt` as the npm package ships it: one file of JavaScript, and the types it stands for.
import { rmSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import ts from "typescript"
import { FLAGS } from "../flags.mjs"

const root = fileURLToPath(new URL("../..", import.meta.url))
const entry = path.join(root, "tools/mqtt/index.ts")
const folder = path.join(root, "dist/mqtt")

async function writeCode() {
  await build({
    entryPoints: [entry],
    outfile: path.join(folder, "index.js"),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    define: FLAGS,
    logLevel: "warning",
  })
}

/** Types alone, of the entry and all it imports; what is wrong with the code itself, `npm run types` tells. */
function writeTypes() {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile("tsconfig.json", ts.sys.readFile).config,
    ts.sys,
    root,
  )
  const program = ts.createProgram([entry], {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: root,
    outDir: path.join(folder, "types"),
  })
  const { diagnostics } = program.emit(undefined, (file, text) => ts.sys.writeFile(file, withExtensions(text)))
  if (diagnostics.length > 0)
    throw new Error(
      ts.formatDiagnostics(diagnostics, { ...ts.sys, getCanonicalFileName: (name) => name, getNewLine: () => "\n" }),
    )
}

/** Node's own resolution, which TypeScript follows under "nodenext", wants the names of files. */
function withExtensions(types) {
  return types.replace(/(from |import\()"(\.[^"]+)"/g, '$1"$2.js"')
}

process.chdir(root)
rmSync(folder, { recursive: true, force: true })
await writeCode()
writeTypes()
