import type { PluginObj, types as Types } from "@babel/core"

type Babel = { types: typeof Types }

/**
 * The chip hoists nothing (Espruino 2v29): a function exists once its declaration has run. Function declarations go
 * first in their block, in the order they had. Runs in `post`, after the other plugins have added their helpers.
 *
 * Nothing wraps the bundle: its names are the chip's globals, which is what the chip has no better use for. A function
 * inside a function holds the list of its scopes, three blocks each; a wrapper took 259 of 1,411 blocks of the climate
 * program at rest.
 */
export function functionsFirst({ types: t }: Babel): PluginObj {
  return {
    name: "motewire-functions-first",
    visitor: {},
    post(file) {
      t.traverseFast(file.ast, (node) => {
        if (t.isProgram(node) || t.isBlockStatement(node)) node.body = ordered(node.body)
      })
    },
  }
}

function ordered(body: Types.Statement[]): Types.Statement[] {
  const isFunction = (statement: Types.Statement) => statement.type === "FunctionDeclaration"
  return [...body.filter(isFunction), ...body.filter((statement) => !isFunction(statement))]
}
