import { parse } from "acorn"

/** An ESTree node as a walk meets it: the rules look at few fields each, so one loose shape serves them all. */
export interface Node {
  type: string
  start: number
  end: number
  loc: { start: { line: number; column: number } }
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  [field: string]: any
}

export function parseTree(code: string): Node {
  return parse(code, { ecmaVersion: "latest", sourceType: "module", locations: true }) as unknown as Node
}

/** Visits every node, parents first; `parents` ends with the direct parent. */
export function walk(node: Node, visit: (node: Node, parents: readonly Node[]) => void, parents: Node[] = []): void {
  visit(node, parents)
  parents.push(node)
  for (const child of childrenOf(node)) walk(child, visit, parents)
  parents.pop()
}

function childrenOf(node: Node): Node[] {
  return Object.values(node).flat().filter(isNode)
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string"
}

export function isFunction(node: Node): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)
}

/** The name of a plain member (`a.b` or `a["b"]`), or undefined. */
export function memberName(node: Node): string | undefined {
  if (node.type !== "MemberExpression") return undefined
  if (!node.computed) return node.property.name
  return typeof node.property.value === "string" ? node.property.value : undefined
}

export function isNamed(node: Node | null | undefined, name: string): boolean {
  return node?.type === "Identifier" && node.name === name
}

/** Index of the last item that fits, or -1. */
export function lastWhere<T>(list: readonly T[], fits: (item: T, at: number) => boolean): number {
  let at = list.length - 1
  while (at >= 0 && !fits(list[at], at)) at--
  return at
}
