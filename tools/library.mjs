// Builds one of the libraries of the npm package: one file of JavaScript, and the types it stands for.
import { readFileSync, rmSync } from "node:fs"
import path from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build } from "esbuild"
import ts from "typescript"
import { FOR_NODE } from "./flags.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))

/** `entry` becomes dist/<name>/index.js and dist/<name>/types. */
export async function writeLibrary(name, entry) {
  process.chdir(root)
  const folder = path.join(root, "dist", name)
  rmSync(folder, { recursive: true, force: true })
  await writeCode(path.join(root, entry), path.join(folder, "index.js"))
  writeTypes(path.join(root, entry), path.join(folder, "types"))
}

async function writeCode(entry, outfile) {
  await build({
    entryPoints: [entry],
    outfile,
    ...FOR_NODE,
    plugins: [relativeUrls(outfile)],
    logLevel: "warning",
  })
}

/** Where a source asks for its own place it gets that place still, as seen from the library: boards and device code stand there. */
const relativeUrls = (outfile) => ({
  name: "relative-urls",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/](tools|sim)[\\/].*\.ts$/ }, ({ path: file }) => {
      const text = readFileSync(file, "utf8")
      if (!text.includes("import.meta.url")) return undefined
      const way = path.relative(path.dirname(outfile), file).replaceAll(path.sep, "/")
      const place = `new URL(${JSON.stringify(encodeURI(way))}, import.meta.url).href`
      return { contents: text.replaceAll("import.meta.url", place), loader: "ts" }
    })
  },
})

/** Types alone, of the entry and all it imports; what is wrong with the code itself, `npm run types` tells. */
function writeTypes(entry, outDir) {
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
    outDir,
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

/** Started as a command: `node tools/library.mjs mqtt`. */
if (import.meta.url === pathToFileURL(process.argv[1]).href)
  for (const name of process.argv.slice(2)) await writeLibrary(name, `tools/${name}/index.ts`)
