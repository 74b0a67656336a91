import { isFunction, lastWhere, walk, type Node } from "./syntax-tree"

/** A name and the nodes that make it; several when a `var` is written twice. */
export interface Binding {
  name: string
  kind: "var" | "let" | "const" | "function" | "class" | "param" | "catch"
  /** The identifiers that declare it, with their parents. */
  declared: Place[]
  /** The function (or program) that owns it. */
  home: Node
  references: Reference[]
}

export interface Place {
  node: Node
  parents: Node[]
}

export interface Reference extends Place {
  /** The function (or program) around the reference. */
  within: Node
  writes: boolean
}

export interface Scopes {
  bindings: Binding[]
  /** Names that nothing in the bundle declares: the chip must have them. */
  globals: Reference[]
  bindingOf(identifier: Node): Binding | undefined
}

type Names = Map<string, Binding>

/** Who declares each name and who uses it. Espruino's own rules differ in order only, which `early.ts` checks. */
export function findScopes(tree: Node): Scopes {
  const scopes = new Map<Node, Names>()
  const bindings: Binding[] = []
  const declare = (owner: Node, home: Node, kind: Binding["kind"], place: Place) => {
    const names = scopes.get(owner) ?? scopes.set(owner, new Map()).get(owner)!
    const known = names.get(place.node.name)
    if (known) return void known.declared.push(place)
    const binding = { name: place.node.name, kind, declared: [place], home, references: [] }
    names.set(place.node.name, binding)
    bindings.push(binding)
  }
  walk(tree, (node, parents) => declareNames(node, parents, declare))
  return { ...resolve(tree, scopes, bindings), bindings }
}

type Declare = (owner: Node, home: Node, kind: Binding["kind"], place: Place) => void

function declareNames(node: Node, parents: readonly Node[], declare: Declare): void {
  const home = homeOf(parents)
  const block = blockOf(parents)
  const all = (pattern: Node, owner: Node, ownerHome: Node, kind: Binding["kind"], chain: readonly Node[]) =>
    namesIn(pattern).forEach((name) => declare(owner, ownerHome, kind, { node: name, parents: [...chain] }))
  if (node.type === "VariableDeclaration") {
    const owner = node.kind === "var" ? home : block
    for (const one of node.declarations) all(one.id, owner, home, node.kind, [...parents, node, one])
  }
  if (node.type === "FunctionDeclaration" && node.id) all(node.id, block, home, "function", [...parents, node])
  if (node.type === "ClassDeclaration" && node.id) all(node.id, block, home, "class", [...parents, node])
  if (node.type === "ClassExpression" && node.id) all(node.id, node, home, "class", [...parents, node])
  if (node.type === "FunctionExpression" && node.id) all(node.id, node, node, "function", [...parents, node])
  if (isFunction(node)) for (const one of node.params) all(one, node, node, "param", [...parents, node])
  if (/^Import.*Specifier$/.test(node.type)) all(node.local, home, home, "const", [...parents, node])
  if (node.type === "CatchClause" && node.param) all(node.param, node, home, "catch", [...parents, node])
}

function resolve(tree: Node, scopes: Map<Node, Names>, bindings: Binding[]): Omit<Scopes, "bindings"> {
  const declarations = new Set(bindings.flatMap((binding) => binding.declared.map((place) => place.node)))
  const owners = new Map<Node, Binding>()
  const globals: Reference[] = []
  walk(tree, (node, parents) => {
    if (node.type !== "Identifier" || declarations.has(node) || !isReference(node, parents.at(-1)!)) return
    const reference = { node, parents: [...parents], within: homeOf(parents), writes: isWrite(node, parents.at(-1)!) }
    const scope = [...parents].reverse().find((outer) => scopes.get(outer)?.has(node.name))
    const binding = scope && scopes.get(scope)!.get(node.name)!
    if (binding) owners.set(node, binding)
    ;(binding?.references ?? globals).push(reference)
  })
  return { globals, bindingOf: (identifier) => owners.get(identifier) }
}

function homeOf(parents: readonly Node[]): Node {
  return parents[lastWhere(parents, (outer) => isFunction(outer) || outer.type === "Program")]
}

function blockOf(parents: readonly Node[]): Node {
  return parents[lastWhere(parents, (outer) => isFunction(outer) || SCOPED.test(outer.type))]
}

const SCOPED = /^(Program|BlockStatement|SwitchStatement|StaticBlock|For(In|Of)?Statement)$/

/** Identifiers that a pattern declares, defaults and computed keys left out. */
function namesIn(pattern: Node | null): Node[] {
  if (!pattern) return []
  if (pattern.type === "Identifier") return [pattern]
  if (pattern.type === "ObjectPattern") return pattern.properties.flatMap((one: Node) => namesIn(one.value ?? one))
  if (pattern.type === "ArrayPattern") return pattern.elements.flatMap(namesIn)
  return namesIn(pattern.argument ?? pattern.left)
}

function isReference(node: Node, parent: Node): boolean {
  if (parent.type === "MemberExpression") return parent.object === node || parent.computed
  if (/^(Property|MethodDefinition|PropertyDefinition)$/.test(parent.type)) {
    return parent.value === node || parent.computed
  }
  return !/^(LabeledStatement|BreakStatement|ContinueStatement|MetaProperty|Export.*|Import.*)$/.test(parent.type)
}

function isWrite(node: Node, parent: Node): boolean {
  return (parent.type === "AssignmentExpression" && parent.left === node) || parent.type === "UpdateExpression"
}
