import type { NodePath, PluginObj, types as Types } from "@babel/core"

type Babel = { types: typeof Types }

/** Longer text is written once and looked up: a name costs two or three bytes, a look-up a few microseconds. */
const SHORT_TEXT = 6

/**
 * `export const MAX_BYTES = 64` costs nothing: its value takes its place wherever it is used. terser would do that, but
 * not any more once functions stand before the constants they use, which is what the chip needs. Left as variables,
 * the constants of the climate bundle took 260 bytes, and every use a walk through the scopes.
 */
export function inlineConstants({ types: t }: Babel): PluginObj {
  return {
    name: "motewire-inline-constants",
    visitor: {
      Program(program) {
        for (const binding of Object.values(program.scope.bindings)) {
          const { path } = binding
          if (binding.kind !== "const" || !path.isVariableDeclarator()) continue
          const init = path.get("init") as NodePath<Types.Expression>
          if (!isSmall(init, binding.references) || !binding.referencePaths.every(isPlainUse)) continue
          for (const use of binding.referencePaths) use.replaceWith(t.cloneNode(init.node))
          path.remove()
        }
        program.scope.crawl()
      },
    },
  }
}

/** A number, or text that is short or used once. */
function isSmall(init: NodePath<Types.Expression>, uses: number): boolean {
  if (init.isStringLiteral()) return uses === 1 || init.node.value.length <= SHORT_TEXT
  return (
    init.isNumericLiteral() || (init.isUnaryExpression({ operator: "-" }) && init.get("argument").isNumericLiteral())
  )
}

/** Not `{ NAME }`, which would lose its key, nor `export { NAME }`. */
function isPlainUse(use: NodePath): boolean {
  return (
    use.isIdentifier() && !use.parentPath?.isExportSpecifier() && !use.parentPath?.isObjectProperty({ shorthand: true })
  )
}
