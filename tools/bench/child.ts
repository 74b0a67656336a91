import { build } from "esbuild"
import { FOR_NODE } from "../flags.mjs"

/** Bundles a file of this folder that a bench runs in a process of its own, with V8's flags for it; gives the bundle's path. */
export async function bundledChild(name: string): Promise<string> {
  const outfile = `node_modules/.cache/motewire/${name}.mjs`
  await build({
    entryPoints: [`tools/bench/${name}.ts`],
    outfile,
    ...FOR_NODE,
  })
  return outfile
}
