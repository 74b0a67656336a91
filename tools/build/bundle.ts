import path from "node:path"
import { rollup, type RollupLog } from "rollup"
import { ENTRY, modules } from "./modules"
import type { Code } from "./program"
import { refusal } from "./refusal"

/**
 * One module out of all that the program imports and uses. Nothing in src does work merely by being imported, so a
 * module without a used export vanishes whole; importing is the only switch (DESIGN.md, D6).
 */
export async function bundleModules(programFile: string, root: string): Promise<Code> {
  try {
    const bundle = await rollup({
      input: ENTRY,
      plugins: [modules(programFile, root)],
      treeshake: { moduleSideEffects: false, propertyReadSideEffects: false, tryCatchDeoptimization: false },
      onwarn: refuseWarning,
    })
    // Sources come out relative to this file, which is never written: the map is the same in every checkout.
    const file = path.join(root, "bundle.js")
    const { output } = await bundle.generate({ file, format: "es", sourcemap: true })
    return { code: output[0].code, map: output[0].map!.toString() }
  } catch (error) {
    throw refusal(error, root)
  }
}

function refuseWarning(warning: RollupLog): void {
  if (warning.code === "UNRESOLVED_IMPORT" || warning.code === "CIRCULAR_DEPENDENCY") throw warning
}
