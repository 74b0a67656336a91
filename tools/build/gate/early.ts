import type { Rule } from "./rule"
import type { Binding, Place, Reference } from "./scope"
import { isFunction, lastWhere, memberName, walk, type Node } from "./syntax-tree"

/**
 * Rules of order. The chip runs declarations strictly one after another: before `var x` has run, x is whatever an
 * outer scope calls x, to read and to write (Espruino 2v29).
 */
export const ORDER: readonly Rule[] = [
  {
    what: "used before declared",
    on: ["Identifier"],
    broken: (node, { scopes, stage }) => isEarly(node, scopes.bindingOf(node), ORDERED[stage]),
    reason: ({ name }) => `${name} is used where its declaration may not have run: the chip hoists nothing.`,
    remedy: "Declare it before its first use, in a block around all of its uses.",
  },
  {
    what: "changed while read",
    on: ["AssignmentExpression"],
    broken: (node, { scopes }) => isOvertaken(node, scopes.bindingOf(node.left)),
    reason: ({ left, operator }) => `The chip calls the function before it reads ${left.name} in \`${operator}\`.`,
    remedy: "Put the function's result into a constant first, then combine the two.",
  },
]

function isEarly(node: Node, binding: Binding | undefined, ordered: RegExp): boolean {
  const reference = binding?.references.find((one) => one.node === node)
  if (!reference || !ordered.test(binding!.kind) || reference.within !== binding!.home) return false
  return !binding!.declared.some((place) => precedes(place, reference))
}

/** The lowering puts functions first, so that only in the bundle their order counts. */
const ORDERED = { written: /^(var|let|const|class)$/, bundle: /^(var|let|const|class|function)$/ }

/** The declaration runs before the reference on every way through the function. */
function precedes(place: Place, reference: Reference): boolean {
  if (place.node.start > reference.node.start) return false
  const { parents, node } = place
  const branch = parents[lastWhere(parents, (outer, at) => isOptional(outer, parents[at - 1], node))]
  return !branch || branch.end >= reference.node.end
}

/** Parts of a statement that may be left out: the name declared there may then not exist. */
function isOptional(node: Node, parent: Node | undefined, inner: Node): boolean {
  if (!parent || isFunction(node)) return false
  if (parent.type === "IfStatement") return node !== parent.test
  if (/^(For|While)/.test(parent.type)) return node === parent.body && inner !== parent.left
  return /^(SwitchCase|CatchClause)$/.test(node.type) || (parent.type === "TryStatement" && node === parent.block)
}

/** `x op= f()` where another function assigns x: f may, and the chip would then use the new x. */
function isOvertaken({ operator, right }: Node, binding: Binding | undefined): boolean {
  if (operator === "=" || LOGICAL.test(operator) || !binding) return false
  const elsewhere = binding.references.some((one) => one.writes && one.within !== binding.home)
  const local = binding.references.filter((one) => one.writes)
  const sharedWriters = new Set(local.map((one) => one.within)).size > 1 || elsewhere
  return (
    (sharedWriters && callsProgram(right)) ||
    local.some(({ node }) => node.start >= right.start && node.end <= right.end)
  )
}

const LOGICAL = /^(&&|\|\||\?\?)=$/

function callsProgram(tree: Node): boolean {
  let found = false
  walk(tree, (node, parents) => {
    if (/^(CallExpression|NewExpression)$/.test(node.type) && !parents.some(isFunction)) found ||= !isHarmless(node)
  })
  return found
}

/** Builtins that call nothing back. */
function isHarmless({ callee }: Node): boolean {
  return callee.object?.name === "Math" || HARMLESS.test(memberName(callee) ?? callee.name ?? "")
}

const HARMLESS =
  /^(charAt|charCodeAt|fromCharCode|indexOf|slice|substr|substring|join|toFixed|parseInt|parseFloat|String|Number)$/
