import path from "node:path"
import { rollup, type Plugin, type RollupLog } from "rollup"
import { ENTRY, modules } from "./modules"
import type { Code } from "./program"
import { refusal } from "./refusal"

/**
 * One module out of all that the program imports and uses. Nothing in src does work merely by being imported, so a
 * module without a used export vanishes whole; importing is the only switch (DESIGN.md, D6).
 */
export async function bundleModules(programFile: string, root: string, isRecording: boolean): Promise<Code> {
  try {
    const bundle = await rollup({
      input: ENTRY,
      plugins: [modules(programFile, root, isRecording), partsInUse],
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

/** Parts of the MQTT client that a bundle may do without, and the modules that tell whether it has them: one, and not the other. */
const PARTS: [flag: string, module: RegExp, without?: RegExp][] = [
  ["__SESSION__", /src\/mqtt\/session\.ts$/],
  ["__QOS2__", /src\/mqtt\/qos2\.ts$/],
  ["__MQTT3__", /src\/mqtt\/client\.ts$/, /src\/mqtt\/v5\/mqtt5\.ts$/],
  ["__MQTT5__", /src\/mqtt\/v5\/mqtt5\.ts$/],
  ["__FIVE__", /src\/mqtt\/v5\/mqtt5\.ts$/],
  ["__WILL__", /src\/mqtt\/will\.ts$/],
  ["__SCRAM__", /src\/mqtt\/v5\/scram\.ts$/],
  ["__LOGIN__", /src\/mqtt\/login\.ts$/],
  ["__UNSUBSCRIBE__", /src\/mqtt\/unsubscribe\.ts$/],
  ["__PERSISTENCE__", /src\/mqtt\/persistence\.ts$/],
  ["__BROKERS__", /src\/net\/brokers\.ts$/],
  ["__UTF8__", /src\/mqtt\/utf8\.ts$/],
  ["__SLICES__", /src\/mqtt\/slices\.ts$/],
]

/**
 * What the client does only for a part that is not in the bundle need not be there either: tree shaking cannot know, since
 * parts are arguments. The flags become `true` or `false` of the same length, so that the source map stays right.
 */
const partsInUse: Plugin = {
  name: "motewire-parts",
  renderChunk(code, { modules }) {
    const used = Object.keys(modules).filter((id) => modules[id]!.renderedLength)
    const has = (module: RegExp) => used.some((id) => module.test(id))
    for (const [flag, module, without] of PARTS)
      code = code.replaceAll(flag, String(has(module) && !(without && has(without))).padEnd(flag.length))
    return { code, map: null }
  },
}

function refuseWarning(warning: RollupLog): void {
  if (warning.code === "UNRESOLVED_IMPORT" || warning.code === "CIRCULAR_DEPENDENCY") throw warning
}
