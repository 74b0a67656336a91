import { createHash } from "node:crypto"
import path from "node:path"
import { bytesPerModule, type ModuleSize } from "./attribute"
import { bundleModules } from "./bundle"
import { refuseForeign } from "./gate/gate"
import { lower } from "./lower"
import { minify } from "./minify"
import { manglable } from "./names"
import { originalSources } from "./sources"

export { describeProgram, type Description } from "./describe"
export { BuildError, type Problem } from "./problem"

/** What the chip runs, byte for byte: every character of `code` is ASCII. */
export interface Bundle {
  code: string
  /** Source map v3 as JSON, sources relative to the root. */
  map: string
  modules: ModuleSize[]
  bytes: number
  sha256: string
}

/** A program on its way through the pipeline. */
export interface Code {
  code: string
  map: string
}

interface BuildOptions {
  /** The folder that holds src/; the current one unless told otherwise. */
  root?: string
  /** With the recorder below the drivers, for `motewire record`; such a bundle tells all it does over the console. */
  record?: boolean
}

/** Builds the bundle of one program file. Fails with a BuildError that names TypeScript lines. */
export async function buildProgram(programFile: string, options: BuildOptions = {}): Promise<Bundle> {
  const root = path.resolve(options.root ?? process.cwd())
  const written = await bundleModules(path.resolve(root, programFile), root, !!options.record)
  refuseForeign(written, root, "written")
  const small = await minify(await lower(written), manglable(written))
  refuseForeign(small, root, "bundle")
  return finished(small, root)
}

function finished({ code, map }: Code, root: string): Bundle {
  return {
    code,
    map: originalSources(map, root),
    modules: bytesPerModule({ code, map }),
    bytes: code.length,
    sha256: createHash("sha256").update(code, "latin1").digest("hex"),
  }
}
