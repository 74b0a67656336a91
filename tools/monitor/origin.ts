import type { AnyNode } from "acorn"
import { childrenOf } from "./anchor"

/** Places of the bundle that an error may come from, and what they are. */
export interface Likely {
  offsets: number[]
  what: string
}

/** Fewer constant characters fit too much. */
const LEAST_CONSTANT_CHARS = 4

/**
 * For an error whose trace names no place: a thrown value that is no Error has no trace, and JSON.parse tells of the text that
 * it read. Where one statement alone can have made it, that is worth saying; it is no proof, since code may be typed at the prompt.
 */
export function likelyIn(tree: AnyNode, head: string): Likely | undefined {
  const [, said] = /^Uncaught (.*)$/s.exec(head) ?? []
  if (said === undefined) return undefined
  const isParsed = said.startsWith("SyntaxError: ")
  if (!isParsed && /^\w*Error: /.test(said)) return undefined
  const isThrown = (node: AnyNode) => node.type === "ThrowStatement" && patternOf(node.argument)?.test(said) === true
  const nodes = uncaught(tree, isParsed ? isJsonParse : isThrown)
  return {
    offsets: nodes.map(({ start }) => start),
    what: isParsed ? "JSON.parse outside of a try" : "throw of this text",
  }
}

/** Nodes that `fits`, but those in a `try` that catches. A function in one may be called from elsewhere. */
function uncaught(node: AnyNode, fits: (node: AnyNode) => boolean, isCaught = false): AnyNode[] {
  const own = fits(node) && !isCaught ? [node] : []
  const isFunction = /Function/.test(node.type)
  const inside = childrenOf(node).flatMap((child) => {
    const isTried = node.type === "TryStatement" && child === node.block && node.handler !== null
    return uncaught(child, fits, isTried || (isCaught && !isFunction))
  })
  return [...own, ...inside]
}

const isJsonParse = (node: AnyNode): boolean =>
  node.type === "CallExpression" &&
  node.callee.type === "MemberExpression" &&
  (node.callee.object as { name?: string }).name === "JSON" &&
  (node.callee.property as { name?: string }).name === "parse"

/** What a thrown text looks like, as far as it is constant. */
function patternOf(node: AnyNode): RegExp | undefined {
  const parts = partsOf(node)
  if (parts.join("").length < LEAST_CONSTANT_CHARS) return undefined
  return new RegExp(`^${parts.map((part) => part?.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&") ?? ".*").join("")}$`, "s")
}

/** Undefined for what is not constant. */
function partsOf(node: AnyNode): (string | undefined)[] {
  if (node.type === "Literal") return [String(node.value)]
  if (node.type === "BinaryExpression" && node.operator === "+") return [...partsOf(node.left), ...partsOf(node.right)]
  if (node.type !== "TemplateLiteral") return [undefined]
  return node.quasis.flatMap(({ value }, nth) => (nth ? [undefined, value.cooked ?? ""] : [value.cooked ?? ""]))
}
