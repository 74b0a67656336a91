import type { Rule } from "./rule"
import type { Node } from "./syntax-tree"

const DEFECT = "Espruino cannot parse it, and the build should have replaced it."
const REPORT = "Write it in an older form, and report this as a defect of motewire's build."

function left(what: string, on: string[], broken?: Rule["broken"]): Rule {
  return { what, on, stage: "bundle", broken, reason: `Left in the bundle: ${what}. ${DEFECT}`, remedy: REPORT }
}

/** What the lowering removes: a finding means that it, or the minifier after it, failed. */
export const LOWERED: readonly Rule[] = [
  left("optional chaining", ["ChainExpression"]),
  left("spread or rest", ["SpreadElement", "RestElement"]),
  left("destructuring", ["ObjectPattern", "ArrayPattern"]),
  left("default value", ["AssignmentPattern"]),
  left("computed key", ["Property", "MethodDefinition"], (node) => node.computed),
  left("logical assignment", ["AssignmentExpression"], (node) => /^(&&|\|\||\?\?)=$/.test(node.operator)),
  left("**", ["BinaryExpression", "AssignmentExpression"], (node) => node.operator.startsWith("**")),
  left("class field", ["PropertyDefinition", "StaticBlock"]),
  left("let or const", ["VariableDeclaration"], (node) => node.kind !== "var"),
  left("import or export", ["ImportDeclaration", "ExportNamedDeclaration", "ExportDefaultDeclaration"]),
  left("escaped ${ in a template", ["TemplateElement"], (node) => node.value.raw.includes("\\$")),
  left("reserved name", ["Identifier"], (node, { parents }) => isReserved(node) && !isKey(node, parents.at(-1)!)),
]

function isReserved(node: Node): boolean {
  return /^(of|static|debugger)$/.test(node.name)
}

function isKey(node: Node, parent: Node): boolean {
  return (parent.property ?? parent.key) === node && !parent.computed
}
