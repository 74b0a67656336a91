import type { Rule } from "./rule"
import type { Node } from "./syntax-tree"

/** Syntax that the chip's RegExp accepts and then matches wrongly, without a word (Espruino 2v29). */
const MISMATCHED: readonly [RegExp, string][] = [
  [/\(\?/, "groups that start with (?"],
  [/\?/, "the ? quantifier and lazy quantifiers"],
  [/\{\d/, "{n,m} quantifiers"],
  [/\)[*+]/, "quantified groups"],
  [/\\[bB]/, "\\b"],
  [/\\[1-9]/, "back references"],
  [/\\[pPuk]/, "\\u, \\p and named groups"],
  [/^\^[^|]*\|/, "^ in front of |, which anchors every alternative (put it last)"],
]

/** What the chip would get wrong in the pattern, or undefined. */
function mismatchIn(pattern: string): string | undefined {
  const outside = pattern.replace(/\\([^bB1-9pPuk])/g, "x").replace(/\[(\\.|[^\]\\])*\]/g, "x")
  return MISMATCHED.find(([syntax]) => syntax.test(outside))?.[1]
}

function flawOf({ regex }: Node): string | undefined {
  const flag = regex.flags.replace(/[gi]/g, "")
  return mismatchIn(regex.pattern) ?? (flag ? `the flag ${flag}` : undefined)
}

export const REGEXP: readonly Rule[] = [
  {
    what: "regular expression",
    on: ["Literal"],
    broken: (node) => node.regex !== undefined && flawOf(node) !== undefined,
    reason: (node) => `The chip silently mismatches ${flawOf(node)} in regular expressions.`,
    remedy: "Use only * + | . ^ $, classes and plain groups, or scan the text with indexOf and charCodeAt.",
  },
  {
    what: "built regular expression",
    on: ["NewExpression", "CallExpression"],
    broken: ({ callee }, { scopes }) => callee.name === "RegExp" && scopes.bindingOf(callee) === undefined,
    reason: "A pattern made at run time cannot be checked, and the chip mismatches many in silence.",
    remedy: "Write a literal: /.../.",
  },
]
