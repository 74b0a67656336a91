/** One thing the chip cannot run, told so that its author can mend it without knowing Espruino. */
export interface Problem {
  /** Relative to the project's root. */
  file: string
  /** From 1, as editors count; 0 when nothing better than the file is known. */
  line: number
  /** From 1. */
  column: number
  reason: string
  remedy: string
}

export class BuildError extends Error {
  readonly problems: Problem[]

  constructor(problems: Problem[]) {
    super(problems.map(describeProblem).join("\n"))
    this.name = "BuildError"
    this.problems = problems
  }
}

function describeProblem({ file, line, column, reason, remedy }: Problem): string {
  const place = line > 0 ? `${file}:${line}:${column}` : file
  return `${place}  ${reason}\n    ${remedy}`
}

/** Same place and reason once, in reading order: a bad helper used ten times is one problem. */
export function inReadingOrder(problems: Problem[]): Problem[] {
  const unique = new Map(problems.map((problem) => [describeProblem(problem), problem]))
  return [...unique.values()].sort(
    (a, b) => a.file.localeCompare(b.file, "en") || a.line - b.line || a.column - b.column,
  )
}
