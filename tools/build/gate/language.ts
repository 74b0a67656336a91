import type { Rule, View } from "./rule"
import { isFunction, isNamed, lastWhere, memberName, type Node } from "./syntax-tree"

/** Syntax that no lowering makes right (Espruino 2v29). */
export const LANGUAGE: readonly Rule[] = [
  {
    what: "label",
    on: ["LabeledStatement"],
    reason: "Espruino cannot parse labels.",
    remedy: "Move the loops into a function and leave them with `return`.",
  },
  {
    what: "tagged template",
    on: ["TaggedTemplateExpression"],
    reason: "Espruino cannot parse tagged templates.",
    remedy: "Call a function with the text and the values as arguments.",
  },
  {
    what: "case after default",
    on: ["SwitchStatement"],
    broken: ({ cases }) => cases.slice(0, -1).some((one: Node) => one.test === null),
    reason: "A `case` after `default` throws on the chip.",
    remedy: "Make `default` the last branch of the switch.",
  },
  {
    what: "#private",
    on: ["PrivateIdentifier"],
    reason: "Espruino has no #private members.",
    remedy: "Write `private _name`: the build shortens names that start with an underscore.",
  },
  {
    what: "async",
    on: ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression", "AwaitExpression"],
    broken: (node) => node.type === "AwaitExpression" || node.async,
    reason: "Espruino has no async functions.",
    remedy: "Take a `done` function, bound once, and call it when the work has ended.",
  },
  {
    what: "for await",
    on: ["ForOfStatement"],
    broken: (node) => node.await,
    reason: "Espruino has no `for await`.",
    remedy: "Handle each value in a function that the source calls.",
  },
  {
    what: "generator",
    on: ["FunctionDeclaration", "FunctionExpression"],
    broken: (node) => node.generator,
    reason: "Espruino has no generators.",
    remedy: "Keep the position in a field and return the next value from a method.",
  },
  {
    what: "bigint",
    on: ["Literal"],
    broken: (node) => typeof node.bigint === "string",
    reason: "Espruino has no BigInt.",
    remedy: "Numbers are exact up to 2^53; split larger ones into two.",
  },
  {
    what: "large integer",
    on: ["Literal"],
    broken: (node) => typeof node.value === "number" && node.value >= 2 ** 63 && /^[\dxob_]+$/i.test(node.raw),
    reason: "Integer literals of 2^63 and more wrap on the chip.",
    remedy: "Write it as a floating-point literal, such as 2e19.",
  },
  {
    what: "new.target or import.meta",
    on: ["MetaProperty", "ImportExpression"],
    reason: "Espruino has neither `new.target` nor `import.meta` nor `import()`.",
    remedy: "Pass what you need as an argument and import it at the top of the file.",
  },
  {
    what: "debugger",
    on: ["DebuggerStatement"],
    reason: "`debugger` halts the chip until somebody types on its console.",
    remedy: "Remove it.",
  },
  {
    what: "arguments",
    on: ["Identifier"],
    stage: "written",
    broken: (node, view) => isNamed(node, "arguments") && isFree(node, view) && !isPassedOn(view.parents),
    reason: "On the chip `arguments.length` counts declared parameters, not those that were passed.",
    remedy: "Declare the parameters, or take `...rest`.",
  },
  {
    what: "spread into new or super",
    on: ["NewExpression", "CallExpression"],
    stage: "written",
    broken: (node) => spreadsIntoNew(node),
    reason: "On the chip a constructor cannot take its arguments from an array.",
    remedy: "Pass the arguments one by one.",
  },
  {
    what: "exit from finally",
    on: ["ReturnStatement", "BreakStatement", "ContinueStatement"],
    broken: (node, { parents }) => leavesFinally(node, parents),
    reason: "Leaving a `finally` block early does not override a pending return on the chip.",
    remedy: "Decide after the try statement.",
  },
  {
    what: "assigned length",
    on: ["AssignmentExpression"],
    broken: ({ left }) => memberName(left) === "length",
    reason: "Assigning `length` throws on the chip.",
    remedy: "Shorten an array with `splice`; give a field of your own another name.",
  },
  {
    what: "long name",
    on: ["Identifier"],
    stage: "bundle",
    broken: (node) => node.name.length > 63,
    reason: "Espruino cannot read names of more than 63 characters.",
    remedy: "Use a shorter name.",
  },
  {
    what: "wide character",
    on: ["Literal", "TemplateElement"],
    broken: (node) => /[^\0-\xff]/.test(typeof node.value === "string" ? node.value : (node.value?.cooked ?? "")),
    reason: "The chip keeps only the low byte of a `\\u` escape above \\u00FF.",
    remedy: "Type the character itself; the build turns it into UTF-8 bytes.",
  },
]

function isFree(node: Node, { scopes }: View): boolean {
  return scopes.globals.some((reference) => reference.node === node)
}

function spreadsIntoNew(node: Node): boolean {
  const makes = node.type === "NewExpression" || node.callee.type === "Super"
  return (
    makes && node.arguments.some((one: Node) => one.type === "SpreadElement" && !isNamed(one.argument, "arguments"))
  )
}

/** `super(...arguments)`, which esbuild writes for a derived class with fields and the lowering names. */
function isPassedOn(parents: readonly Node[]): boolean {
  return parents.at(-1)!.type === "SpreadElement" && parents.at(-2)!.callee?.type === "Super"
}

function leavesFinally(node: Node, parents: readonly Node[]): boolean {
  const chain = [...parents, node]
  const from = lastWhere(chain, isFunction)
  const inside = chain.slice(from + 1)
  const isFinally = (outer: Node, at: number) => outer.type === "TryStatement" && inside[at + 1] === outer.finalizer
  const at = lastWhere(inside, isFinally)
  if (at < 0) return false
  const stays = /^(For|While|DoWhile|Switch)/
  const caught = inside.slice(at + 1).some((outer) => stays.test(outer.type))
  return node.type === "ReturnStatement" || !caught
}
