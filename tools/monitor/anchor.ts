import type { AnyNode } from "acorn"

/** A node and all below it, outer ones first. */
export function* nodesOf(node: AnyNode): Generator<AnyNode> {
  yield node
  for (const child of childrenOf(node)) yield* nodesOf(child)
}

export const childrenOf = (node: AnyNode): AnyNode[] =>
  Object.values(node)
    .flat()
    .filter((part) => typeof part?.type === "string") as AnyNode[]

/**
 * The place in the bundle that stands for what the token at `at` does. The firmware points at the last token that it read:
 * at the parenthesis that closes a call, which may be lines below the name of what is called, or at the dot before a member.
 */
export function anchorOf(tree: AnyNode, at: number): number {
  const path: AnyNode[] = []
  for (let node: AnyNode | undefined = tree; node;) {
    path.push(node)
    node = childrenOf(node).find(({ start, end }) => start <= at && at < end)
  }
  // A constant that was written in leads to the line that declares it.
  while (path.length > 1 && /^(Literal|UnaryExpression|ConditionalExpression)$/.test(path.at(-1)!.type)) path.pop()
  return saying(path.at(-1)!)
}

/** What belongs to the node itself, and to none below it, is a word or a sign: the source map knows names better. */
function saying(node: AnyNode): number {
  switch (node.type) {
    case "CallExpression":
    case "NewExpression":
      return saying(node.callee)
    case "MemberExpression":
      return node.property.type === "Literal" ? saying(node.object) : node.property.start
    case "BinaryExpression":
    case "LogicalExpression":
    case "AssignmentExpression":
      return saying(node.left)
    default:
      return node.start
  }
}
