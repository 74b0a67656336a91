#!/usr/bin/env node
// `npm run bench`: prints every figure the project promises beside its bar. `npm run plot`: draws docs/reconnect.svg.
// Bundled like the command itself (motewire.mjs).
import { build } from "esbuild"
import path from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { FOR_NODE } from "../flags.mjs"
import { ownUrls } from "../own-urls.mjs"

const root = fileURLToPath(new URL("../..", import.meta.url))
process.chdir(root)
const entry = process.argv[2] ?? "main"
const outfile = path.join(root, `node_modules/.cache/motewire/bench-${entry}.mjs`)
await build({
  entryPoints: [path.join(root, `tools/bench/${entry}.ts`)],
  outfile,
  ...FOR_NODE,
  plugins: [ownUrls],
  logLevel: "warning",
})
await import(pathToFileURL(outfile).href)
