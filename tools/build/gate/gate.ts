import { SourceMap } from "node:module"
import { readFileSync } from "node:fs"
import path from "node:path"
import { BuildError, inReadingOrder, type Problem } from "../problem"
import type { Code } from "../program"
import { typedColumn } from "../text"
import { BUILTINS } from "./builtins"
import { CLASSES } from "./classes"
import { ORDER } from "./early"
import { OWNED } from "./firmware"
import { LANGUAGE } from "./language"
import { LOWERED } from "./lowered"
import { REGEXP } from "./regexp"
import type { Rule, Stage } from "./rule"
import { findScopes } from "./scope"
import { memberName, parseTree, walk, type Node } from "./syntax-tree"

export const RULES: readonly Rule[] = [...LANGUAGE, ...CLASSES, ...BUILTINS, ...OWNED, ...REGEXP, ...ORDER, ...LOWERED]

/** Fails with every place in the bundle that the chip cannot run or silently gets wrong. */
export function refuseForeign({ code, map }: Code, root: string, stage: Stage): void {
  const found = findForeign(code, stage)
  if (found.length === 0) return
  const lookup = new SourceMap(JSON.parse(map))
  const problems = found.flatMap(({ node, rule }) => problemAt(node, rule, lookup, root) ?? [])
  if (problems.length > 0) throw new BuildError(inReadingOrder(problems))
}

interface Finding {
  node: Node
  rule: Rule
}

export function findForeign(code: string, stage: Stage): Finding[] {
  const tree = parseTree(code)
  const rules = rulesByNode(stage)
  const view = { stage, scopes: findScopes(tree), ownMembers: membersOf(tree), parents: [] as readonly Node[] }
  const found: Finding[] = []
  walk(tree, (node, parents) => {
    view.parents = parents
    const broken = (rules.get(node.type) ?? []).filter((rule) => rule.broken?.(node, view) ?? true)
    found.push(...broken.map((rule) => ({ node, rule })))
  })
  return found
}

function rulesByNode(stage: Stage): Map<string, Rule[]> {
  const table = new Map<string, Rule[]>()
  for (const rule of RULES) {
    if (rule.stage && rule.stage !== stage) continue
    for (const type of rule.on) table.set(type, [...(table.get(type) ?? []), rule])
  }
  return table
}

/** What the bundle itself defines: a class of its own may well have a method `search`. */
function membersOf(tree: Node): ReadonlySet<string> {
  const names = new Set<string>()
  walk(tree, (node) => {
    if (/^(MethodDefinition|Property)$/.test(node.type) && node.key.type === "Identifier") names.add(node.key.name)
    if (node.type === "AssignmentExpression") names.add(memberName(node.left) ?? "")
  })
  return names
}

/** Undefined where the file may do it. */
function problemAt(node: Node, rule: Rule, lookup: SourceMap, root: string): Problem | undefined {
  const { line, column } = (rule.place?.(node) ?? node).loc.start
  const words = { reason: said(rule.reason, node), remedy: said(rule.remedy, node) }
  const entry = lookup.findEntry(line - 1, column)
  if (!("originalSource" in entry) || !entry.originalSource) return { file: "the bundle", line, column, ...words }
  const { originalSource: file, originalLine, originalColumn } = entry
  const text = () => readFileSync(path.join(root, file), "utf8")
  if (rule.excused?.(node, file, text)) return undefined
  const typed = text().split("\n")[originalLine] ?? ""
  return { file, line: originalLine + 1, column: typedColumn(typed, originalColumn) + 1, ...words }
}

function said(words: string | ((node: Node) => string), node: Node): string {
  return typeof words === "string" ? words : words(node)
}
