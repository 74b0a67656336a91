import type { Rule, View } from "./rule"
import { isFunction, isNamed, lastWhere, memberName, type Node } from "./syntax-tree"

/** Classes work on the chip as long as they are plain (Espruino 2v29). */
export const CLASSES: readonly Rule[] = [
  {
    what: "extends native",
    on: ["ClassDeclaration", "ClassExpression"],
    broken: ({ superClass }, { scopes }) => isNamedClass(superClass) && !scopes.bindingOf(superClass),
    reason: ({ superClass }) => `On the chip a class cannot extend the native ${superClass.name}.`,
    remedy: "Hold the native object in a field instead of extending it.",
  },
  {
    what: "extends expression",
    on: ["ClassDeclaration", "ClassExpression"],
    broken: ({ superClass }) => superClass !== null && !isNamedClass(superClass),
    reason: "`super` calls are written out with the parent's name, so the parent needs one.",
    remedy: "Give the parent class a name and extend that.",
  },
  {
    what: "inherited static",
    on: ["MemberExpression"],
    broken: (node, view) => isInheritedStatic(node, view),
    reason: "Static members are not inherited on the chip.",
    remedy: "Name the class that declares the static member, or make it a function of the module.",
  },
  {
    what: "value from constructor",
    on: ["ReturnStatement"],
    broken: ({ argument }, { parents }) => argument !== null && isConstructor(parents),
    reason: "A derived class ignores what its parent's constructor returns on the chip.",
    remedy: "Make the object in a function instead.",
  },
  {
    what: "super outside of a method",
    on: ["Super"],
    broken: (_, { parents }) => !parents.some((outer) => outer.type === "MethodDefinition"),
    reason: "On the chip `super` works in methods of classes only.",
    remedy: "Name the parent object.",
  },
  {
    what: "super property inside a function",
    on: ["Super"],
    broken: (_, { parents }) =>
      parents.at(-1)!.type === "MemberExpression" && !isSuperCall(parents) && isNested(parents),
    reason: "On the chip `super` throws inside arrow functions and callbacks.",
    remedy: "Read the property into a constant before the function.",
  },
  {
    what: "assigned super property",
    on: ["AssignmentExpression", "UpdateExpression"],
    broken: (node) => (node.left ?? node.argument).object?.type === "Super",
    reason: "Assigning through `super` does not work on the chip.",
    remedy: "Assign to `this`.",
  },
]

function isNamedClass(node: Node | null): boolean {
  return node?.type === "Identifier"
}

function isConstructor(parents: readonly Node[]): boolean {
  const at = lastWhere(parents, (outer) => isFunction(outer))
  return parents[at - 1]?.kind === "constructor"
}

/** A method is a function expression; anything deeper is a function inside it. */
function isNested(parents: readonly Node[]): boolean {
  const method = lastWhere(parents, (outer) => outer.type === "MethodDefinition")
  return parents.slice(method + 1).filter(isFunction).length > 1
}

function isSuperCall(parents: readonly Node[]): boolean {
  const [call, member] = [parents.at(-2), parents.at(-1)]
  return call?.type === "CallExpression" && call.callee === member
}

function isInheritedStatic(node: Node, view: View): boolean {
  const name = memberName(node)
  const owner = name === undefined ? undefined : classOf(node.object, view)
  if (!owner || hasStatic(owner, name!, view)) return false
  let ancestor = classOf(owner.superClass, view)
  while (ancestor && !hasStatic(ancestor, name!, view)) ancestor = classOf(ancestor.superClass, view)
  return ancestor !== undefined
}

/** The class that a name or, in a static method, `this` stands for. */
function classOf(node: Node | null, view: View): Node | undefined {
  if (node?.type === "ThisExpression") return staticOwner(view.parents)
  const place = node && view.scopes.bindingOf(node)?.declared[0]
  const declaration = place?.parents.at(-1)
  const holder = declaration?.type === "VariableDeclarator" ? declaration.init : declaration
  return /^Class/.test(holder?.type ?? "") ? holder : undefined
}

function staticOwner(parents: readonly Node[]): Node | undefined {
  const at = lastWhere(parents, (outer) => isFunction(outer) && outer.type !== "ArrowFunctionExpression")
  return parents[at - 1]?.static ? parents[at - 3] : undefined
}

/** In the class body, or assigned to it: static fields are assignments by the time the gate looks. */
function hasStatic(owner: Node, name: string, { scopes }: View): boolean {
  const inBody = owner.body.body.some((one: Node) => one.static && isNamed(one.key, name))
  const names = scopes.bindings.filter((one) => one.declared.some(({ parents }) => holds(parents.at(-1)!, owner)))
  return inBody || names.some((one) => one.references.some(({ node, parents }) => isAssigned(node, parents, name)))
}

function holds(declaration: Node, owner: Node): boolean {
  return declaration === owner || declaration.init === owner
}

function isAssigned(object: Node, parents: readonly Node[], name: string): boolean {
  const [assignment, member] = [parents.at(-2), parents.at(-1)!]
  return member.object === object && memberName(member) === name && assignment?.left === member
}
