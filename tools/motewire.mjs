#!/usr/bin/env node
// The sources are TypeScript and Node 20 runs none: this bundles the command (about 0.1 s) and starts it.
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { ownUrls } from "./own-urls.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))
// Inside node_modules, so that the bundle finds the packages it leaves outside.
const cache = path.join(root, "node_modules/.cache/motewire")

async function bundle() {
  const { build } = await import("esbuild")
  const { outputFiles } = await build({
    entryPoints: { main: path.join(root, "tools/cli/main.ts"), worker: path.join(root, "tools/cli/sim/worker.ts") },
    outdir: cache,
    bundle: true,
    splitting: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    outExtension: { ".js": ".mjs" },
    plugins: [ownUrls],
    sourcemap: "inline",
    logLevel: "warning",
  })
  return outputFiles
}

/** Written under the hash of its content and renamed into place: two starts at once never read half a file. */
function place(files) {
  const hash = createHash("sha256")
  for (const file of files) hash.update(file.contents)
  const folder = path.join(cache, hash.digest("hex").slice(0, 16))
  if (existsSync(folder)) return folder
  const draft = `${folder}.${process.pid}`
  mkdirSync(draft, { recursive: true })
  for (const file of files) writeFileSync(path.join(draft, path.basename(file.path)), file.contents)
  try {
    renameSync(draft, folder)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
  return folder
}

/** A day is longer than any start takes, so nothing that is still being loaded goes. */
function removeOld(keep) {
  for (const name of readdirSync(cache)) {
    const folder = path.join(cache, name)
    if (folder !== keep && Date.now() - statSync(folder).mtimeMs > 86_400_000) rmSync(folder, { recursive: true })
  }
}

async function prepare() {
  try {
    const folder = place(await bundle())
    removeOld(folder)
    return folder
  } catch (error) {
    process.stderr.write(`motewire: cannot start: ${error.message}\n${adviceFor(error)}\n`)
    process.exit(1)
  }
}

function adviceFor(error) {
  if (error.code === "ERR_MODULE_NOT_FOUND") return 'Run "npm ci" first.'
  if (error.errors) return "This is a bug in motewire itself, not in your program."
  return `The command is prepared in ${cache}: is it writable?`
}

const folder = await prepare()
process.setSourceMapsEnabled(true)
const { run } = await import(pathToFileURL(path.join(folder, "main.mjs")).href)
process.exitCode = await run(process.argv, { worker: path.join(folder, "worker.mjs") })
