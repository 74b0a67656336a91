import type { PluginObj, types as Types } from "@babel/core"

type Babel = { types: typeof Types }

/**
 * The chip hoists nothing (facts §1.3): a function exists once its declaration has run. Function declarations go
 * first in their block, in the order they had; then one function wraps it all, or every name would be a global.
 * Runs in `post`, after the other plugins have added their helpers.
 */
export function functionsFirst({ types: t }: Babel): PluginObj {
  return {
    name: "motewire-functions-first",
    visitor: {},
    post(file) {
      t.traverseFast(file.ast, (node) => {
        if (t.isProgram(node) || t.isBlockStatement(node)) node.body = ordered(node.body)
      })
      const program = file.ast.program
      const wrapper = t.arrowFunctionExpression([], t.blockStatement(program.body))
      program.body = [t.expressionStatement(t.callExpression(wrapper, []))]
    },
  }
}

function ordered(body: Types.Statement[]): Types.Statement[] {
  const isFunction = (statement: Types.Statement) => statement.type === "FunctionDeclaration"
  return [...body.filter(isFunction), ...body.filter((statement) => !isFunction(statement))]
}
