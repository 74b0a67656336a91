import type { Node, TransformOptions } from "@babel/core"

type NameAt = (source: string, line: number, column: number) => string | undefined

const TYPESCRIPT: TransformOptions = {
  configFile: false,
  babelrc: false,
  browserslistConfigFile: false,
  parserOpts: { plugins: ["typescript"] },
}

/** Names the function of a place in TypeScript. Babel is there for the build; it is loaded when the first trace needs it. */
export async function functionNames(): Promise<NameAt> {
  const { parseSync } = await import("@babel/core")
  const trees = new Map<string, Node | null>()
  const parsed = (source: string): Node | null => {
    try {
      return parseSync(source, TYPESCRIPT)
    } catch {
      return null
    }
  }
  return (source, line, column) => {
    const known = trees.get(source)
    const tree = known === undefined ? parsed(source) : known
    trees.set(source, tree)
    return tree ? nameAt(tree, offsetOf(source, line, column)) : undefined
  }
}

function nameAt(tree: Node, at: number): string | undefined {
  const path: Node[] = []
  for (let node: Node | undefined = tree; node; node = childAt(node, at)) path.push(node)
  for (let nth = path.length - 1; nth > 0; nth--) {
    const name = /Function|Method/.test(path[nth]!.type) ? nameOf(path, nth) : undefined
    if (name) return name
  }
  return undefined
}

function nameOf(path: Node[], nth: number): string | undefined {
  const node = path[nth]!
  const parent = path[nth - 1]!
  if ("id" in node && node.id?.type === "Identifier") return node.id.name
  if ("key" in node) return [classOf(path, nth), textOf(node.key as Node)].filter(Boolean).join(".")
  if (parent.type === "VariableDeclarator") return textOf(parent.id)
  if (parent.type === "AssignmentExpression") return textOf(parent.left)
  if (parent.type === "ObjectProperty" || parent.type === "ClassProperty") return textOf(parent.key)
  if (parent.type === "CallExpression" && parent.callee !== node)
    return `callback of ${textOf(parent.callee) ?? "a call"}`
  return undefined
}

function classOf(path: Node[], nth: number): string | undefined {
  const owner = path[nth - 2]
  return owner && /^Class/.test(owner.type) && "id" in owner && owner.id?.type === "Identifier"
    ? owner.id.name
    : undefined
}

function textOf(node: Node): string | undefined {
  if (node.type === "Identifier") return node.name
  if (node.type === "StringLiteral") return node.value
  if (node.type === "PrivateName") return `#${node.id.name}`
  if (node.type === "ThisExpression") return "this"
  if (node.type !== "MemberExpression") return undefined
  return [textOf(node.object), textOf(node.property)].filter(Boolean).join(".")
}

function childAt(node: Node, at: number): Node | undefined {
  const parts = Object.values(node).flat() as (Node | undefined)[]
  return parts.find((part) => typeof part?.type === "string" && part.start! <= at && at < part.end!)
}

function offsetOf(source: string, line: number, column: number): number {
  let start = 0
  for (let nth = 1; nth < line; nth++) start = source.indexOf("\n", start) + 1
  return start + column - 1
}
