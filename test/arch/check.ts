import { SourceMap } from "node:module"
import path from "node:path"
import { transformSync } from "esbuild"
import ts from "typescript"
import { findScopes } from "../../tools/build/gate/scope"
import { parseTree, walk, type Node } from "../../tools/build/gate/syntax-tree"
import { CODE } from "./code-rules"
import { IMPORTED_BY_NOTHING, IMPORTS } from "./rules"

/** Every rule that `text`, standing in `file` (from the root, with slashes), breaks: "file:line what: because". */
export function broken(file: string, text: string): string[] {
  return [...brokenImports(file, text), ...brokenCode(file, text)]
}

function brokenImports(file: string, text: string): string[] {
  const rule = IMPORTS.find(({ files }) => files.test(file))
  if (!rule) return [`${file}:1 no rule: every folder of code has a row in test/arch/rules.ts`]
  const allowed = ({ target, typeOnly }: Import) =>
    (rule.values.test(target) || (typeOnly && rule.types.test(target))) &&
    (!IMPORTED_BY_NOTHING.test(target) || IMPORTED_BY_NOTHING.test(file) || /\.test\.ts$/.test(file))
  return importsOf(file, text)
    .filter((one) => !allowed(one))
    .map(({ line, wanted, typeOnly }) => `${file}:${line} imports ${typeOnly ? "type " : ""}${wanted}: ${rule.because}`)
}

interface Import {
  line: number
  wanted: string
  /** Path from the root without ".ts", "node:x" or "npm:x". */
  target: string
  typeOnly: boolean
}

function importsOf(file: string, text: string): Import[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const found: Import[] = []
  const visit = (node: ts.Node): void => {
    const wanted = moduleNameIn(node)
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1
    if (wanted) found.push({ line, wanted, target: targetOf(file, wanted), typeOnly: isTypeOnly(node) })
    node.forEachChild(visit)
  }
  visit(source)
  return found
}

/** `import`, `export from`, `import()`, `import("x").Type`, `require("x")` outside the adapter's modules. */
function moduleNameIn(node: ts.Node): string | undefined {
  const text = (name: ts.Node | undefined) => (name && ts.isStringLiteral(name) ? name.text : undefined)
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return text(node.moduleSpecifier)
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return text(node.argument.literal)
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return text(node.arguments[0])
  return undefined
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true
  if (ts.isExportDeclaration(node)) return node.isTypeOnly || allTypes(node.exportClause)
  if (!ts.isImportDeclaration(node) || !node.importClause) return false
  const { isTypeOnly: whole, name, namedBindings } = node.importClause
  return whole || (!name && allTypes(namedBindings))
}

function allTypes(names: ts.Node | undefined): boolean {
  if (!names || !(ts.isNamedImports(names) || ts.isNamedExports(names))) return false
  return names.elements.length > 0 && names.elements.every((one) => one.isTypeOnly)
}

function targetOf(file: string, wanted: string): string {
  if (wanted.startsWith(".")) return path.posix.join(path.posix.dirname(file), wanted).replace(/\.ts$/, "")
  if (wanted === "motewire/sim") return "tools/sim/index"
  if (wanted === "motewire") return "src/index"
  if (wanted.startsWith("motewire/")) return `src/${wanted.slice(9)}`
  return wanted.startsWith("node:") ? wanted : `npm:${wanted}`
}

function brokenCode(file: string, text: string): string[] {
  const rules = CODE.filter(({ files, except }) => files.test(file) && !except?.test(file))
  if (rules.length === 0) return []
  const { code, map } = transformSync(text, { ...STRIP, sourcefile: file })
  const tree = parseTree(code)
  const globals: ReadonlySet<Node> = new Set(findScopes(tree).globals.map(({ node }) => node))
  const lookup = new SourceMap(JSON.parse(map))
  const found: string[] = []
  walk(tree, (node, parents) => {
    for (const rule of rules) {
      if (rule.broken(node, parents, globals))
        found.push(`${file}:${lineOf(node, lookup)} ${rule.what}: ${rule.because}`)
    }
  })
  return found
}

/** Types go, imports stay even where nothing uses them. */
const STRIP = {
  loader: "ts",
  sourcemap: "external",
  target: "esnext",
  tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, useDefineForClassFields: false } },
} as const

function lineOf({ loc }: Node, lookup: SourceMap): number {
  const entry = lookup.findEntry(loc.start.line - 1, loc.start.column)
  return "originalLine" in entry ? entry.originalLine + 1 : 1
}
