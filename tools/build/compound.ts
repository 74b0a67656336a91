import type { NodePath, PluginObj, types as Types } from "@babel/core"

type Babel = { types: typeof Types }

/**
 * The chip evaluates the right side of `x += f()` before it reads x (Espruino 2v29). Where the right side could change
 * the left, the assignment is written out, because plain binary expressions keep their order.
 */
export function compound({ types: t }: Babel): PluginObj {
  return {
    name: "motewire-compound",
    visitor: {
      AssignmentExpression(path) {
        const { operator, left, right } = path.node
        if (operator === "=" || /^(&&|\|\||\?\?)=$/.test(operator)) return
        if (!mayRunCode(path.get("right")) || !isRepeatable(left, t) || cannotChange(path, t)) return
        path.node.operator = "="
        const read = t.cloneNode(left as Types.Expression)
        path.node.right = t.binaryExpression(operator.slice(0, -1) as "+", read, right)
      },
    },
  }
}

function mayRunCode(path: NodePath<Types.Expression>): boolean {
  let found = false
  const runs = (node: Types.Node) => /^(Call|New|Assignment|Update|OptionalCall|TaggedTemplate)/.test(node.type)
  if (runs(path.node)) return true
  path.traverse({
    enter(inner) {
      if (runs(inner.node)) found = true
    },
  })
  return found
}

/** Reading it twice runs nothing: a name, or properties of a name or of `this`. */
function isRepeatable(node: Types.Node, t: typeof Types): boolean {
  if (t.isIdentifier(node) || t.isThisExpression(node)) return true
  if (!t.isMemberExpression(node)) return false
  const keyIsPlain = !node.computed || t.isIdentifier(node.property) || t.isLiteral(node.property)
  return keyIsPlain && isRepeatable(node.object, t)
}

/** A local that only its own function assigns, outside of this expression, holds still during a call. */
function cannotChange(path: NodePath<Types.AssignmentExpression>, t: typeof Types): boolean {
  const { left } = path.node
  if (!t.isIdentifier(left)) return false
  const binding = path.scope.getBinding(left.name)
  const home = path.scope.getFunctionParent()
  return !!binding?.constantViolations.every(
    (place) => place === path || (place.scope.getFunctionParent() === home && !place.findParent((up) => up === path)),
  )
}
