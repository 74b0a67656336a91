import { parse, tokenizer, type AnyNode, type Program } from "acorn"
import { align } from "../build/align"
import { tokeniserFor, type Tokeniser } from "../build/espruino-tools"
import { shaped } from "../build/shape"
import { nodesOf } from "./anchor"

/** What the interpreter reads by itself, and counts lines and columns in: the program, or a part of it that runs by itself. */
interface Text {
  /** In the chip's bytes, and where they begin among all of them. */
  code: string
  start: number
  /** Where the token that begins here begins in the bundle; undefined where none does. */
  inBundle(at: number): number | undefined
}

/** A program as it stands on a chip, beside the bundle that it was made from. */
export interface OnChip {
  tree: Program
  tools: Tokeniser
  whole: Text
  /** The whole first. */
  texts: Text[]
}

/** `firmware` is the version that the chip's bytes are for, where they are not the bundle itself. */
export function onChip(bundle: string, code: string, firmware: string): OnChip {
  const tools = tokeniserFor(firmware)
  const own = [...tokenizer(bundle, { ecmaVersion: 2020 })].map(({ start }) => ({ tokens: start, code: start }))
  const pairs = code === bundle ? own : align(shaped(bundle), code, tools)
  const toBundle = new Map(pairs.map((pair) => [pair.tokens, pair.code]))
  const starts = pairs.map((pair) => pair.code)
  const tree = parse(bundle, { ecmaVersion: 2020 })
  const nodes = [...nodesOf(tree)]
  // A template with values in it stays text: its tokens stand as far from its beginning as in the bundle.
  for (const { start, end } of nodes.filter(({ type }) => type === "TemplateLiteral")) {
    const onChip = pairs.find((pair) => pair.code === start)!.tokens
    if (code[onChip] !== "`") continue
    for (const inside of own.filter((each) => start < each.code && each.code < end))
      toBundle.set(onChip + inside.code - start, inside.code)
  }
  /** The first token at or behind a place of the bundle. */
  const onChipFrom = (offset: number) =>
    pairs[firstFrom(starts, offset)] ?? { tokens: code.length, code: bundle.length }
  const textFrom = (start: number, end: number): Text => ({
    code: code.slice(start, end),
    start,
    inBundle: (at) => toBundle.get(start + at),
  })

  function bodyText(body: AnyNode): Text {
    const isBlock = body.type === "BlockStatement"
    let first = onChipFrom(isBlock ? body.start + 1 : body.start)
    if (isBlock && /^return\b/.test(bundle.slice(first.code))) first = onChipFrom(first.code + 6)
    return textFrom(first.tokens, onChipFrom(isBlock ? body.end - 1 : body.end).tokens)
  }

  /** An expression in a template stays text, and runs without its callers' names. */
  function templateText({ start, end }: AnyNode): Text {
    const tokens = new Set(own.map((pair) => pair.code))
    const inBundle = (at: number) => (tokens.has(start + at) ? start + at : undefined)
    return { code: bundle.slice(start, end), start: Infinity, inBundle }
  }

  const whole = textFrom(0, code.length)
  const inside = nodes.flatMap((node) =>
    node.type === "TemplateLiteral"
      ? node.expressions.map(templateText)
      : isFunction(node)
        ? [bodyText(node.body)]
        : [],
  )
  return { tree, tools, whole, texts: [whole, ...inside] }
}

/** What the firmware keeps of each is what stands between its braces, without a `return` that comes first (jspeFunctionDefinitionInternal). */
const isFunction = (node: AnyNode): node is AnyNode & { body: AnyNode } =>
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)

/** The index of the first number that is not below `least`. */
function firstFrom(numbers: number[], least: number): number {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (numbers[middle]! < least) low = middle + 1
    else high = middle
  }
  return low
}
