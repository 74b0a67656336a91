import type { PluginItem } from "@babel/core"
import { classes } from "./classes"
import { compound } from "./compound"
import { inlineConstants } from "./constants"
import { functionsFirst } from "./order"
import type { Code } from "./program"

/** What Babel may assume, because the gate and the device's types forbid the rest. */
const ASSUMPTIONS = {
  iterableIsArray: true,
  ignoreFunctionLength: true,
  noDocumentAll: true,
  noNewArrows: true,
  objectRestNoSymbols: true,
  pureGetters: true,
  setClassMethods: true,
  setComputedProperties: true,
  setPublicClassFields: true,
  setSpreadProperties: true,
}

/** Turns what the interpreter cannot parse into what it can; order.ts says why nothing wraps the bundle. */
export async function lower(bundle: Code): Promise<Code> {
  const [{ transformAsync }, plugins] = await Promise.all([import("@babel/core"), babelPlugins()])
  const result = await transformAsync(bundle.code, {
    plugins: [inlineConstants, compound, classes, ...plugins, functionsFirst],
    assumptions: ASSUMPTIONS,
    inputSourceMap: JSON.parse(bundle.map),
    sourceMaps: true,
    sourceType: "module",
    configFile: false,
    babelrc: false,
    browserslistConfigFile: false,
    compact: false,
    comments: true,
  })
  return { code: result!.code!, map: JSON.stringify(result!.map) }
}

/** Loaded only when a program is built: Babel is a third of the build's start time. */
async function babelPlugins(): Promise<PluginItem[]> {
  const loaded = await Promise.all([
    import("@babel/plugin-transform-logical-assignment-operators"),
    import("@babel/plugin-transform-optional-chaining"),
    import("@babel/plugin-transform-exponentiation-operator"),
    import("@babel/plugin-transform-object-rest-spread"),
    import("@babel/plugin-transform-parameters"),
    import("@babel/plugin-transform-destructuring"),
    import("@babel/plugin-transform-spread"),
    import("@babel/plugin-transform-computed-properties"),
    import("@babel/plugin-transform-block-scoping"),
  ])
  return loaded.map((module) => [plain(module), { useBuiltIns: true }] as PluginItem)
}

/** Babel's plugins are CommonJS: Node wraps their default export once more. */
function plain(module: { default: unknown }): PluginItem {
  const inner = module.default as { default?: unknown }
  return (inner.default ?? inner) as PluginItem
}
