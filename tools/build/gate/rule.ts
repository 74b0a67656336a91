import type { Scopes } from "./scope"
import type { Node } from "./syntax-tree"

/**
 * The gate looks twice. "written": the program as its authors wrote it, types removed, unused code gone; positions are
 * exact here. "bundle": what would be uploaded; whatever the lowering or the minifier left behind is found here.
 */
export type Stage = "written" | "bundle"

export interface View {
  stage: Stage
  parents: readonly Node[]
  scopes: Scopes
  /** Names of methods and properties that the bundle itself defines. */
  ownMembers: ReadonlySet<string>
}

/** One thing the chip cannot do. */
export interface Rule {
  /** Short name, unique; tests and readers find the rule by it. */
  what: string
  /** Types of the nodes it looks at. */
  on: readonly string[]
  /** Both stages unless named: what the lowering removes may still stand in the written code. */
  stage?: Stage
  broken?(node: Node, view: View): boolean
  /** The part of the node that is told as the place; the node itself when not given. */
  place?(node: Node): Node
  /** Right where it stands after all: in the file, relative to the root, with the text it was given. */
  excused?(node: Node, file: string, text: () => string): boolean
  reason: string | ((node: Node) => string)
  remedy: string | ((node: Node) => string)
}
