import { existsSync, readFileSync } from "node:fs"
import path from "node:path"
import type { Message } from "esbuild"
import type { RollupLog } from "rollup"
import { ENTRY } from "./modules"
import { BuildError, type Problem } from "./problem"
import { notExported, unresolved } from "./unresolved"
import { typedColumn } from "./text"

/** What rollup or esbuild refused, told as a BuildError; anything else is a defect and stays as it is. */
export function refusal(error: unknown, root: string): unknown {
  const syntax = (error as { errors?: Message[] }).errors?.filter((message) => message.location)
  if (syntax?.length) return new BuildError(syntax.map((message) => syntaxProblem(message, root)))
  const log = error as RollupLog
  return typeof log?.code === "string" && KNOWN[log.code] ? new BuildError([linkProblem(log, root)]) : error
}

interface Words {
  reason(log: RollupLog, root: string): string
  remedy: string | ((log: RollupLog, root: string) => string)
}

const KNOWN: Record<string, Words> = {
  UNRESOLVED_IMPORT: {
    reason: (log, root) => unresolved(log.exporter!, root).reason,
    remedy: (log, root) => unresolved(log.exporter!, root).remedy,
  },
  CIRCULAR_DEPENDENCY: {
    reason: (log, root) => `Imports go in a circle: ${log.ids!.map((id) => path.relative(root, id)).join(" -> ")}.`,
    remedy: "Move what both need into a third file: the chip runs declarations strictly in order.",
  },
  MISSING_EXPORT: {
    reason: (log, root) => notExported(log.binding!, log.exporter ?? "", root).reason,
    remedy: (log, root) => notExported(log.binding!, log.exporter ?? "", root).remedy,
  },
  ENOENT: {
    reason: (log) => log.message.replace(/^ENOENT: /, "").replace(/, open.*/, "."),
    remedy: "Check the path of the program in flash.config.json.",
  },
}

function linkProblem(log: RollupLog, root: string): Problem {
  const { reason, remedy } = KNOWN[log.code!]
  const file = log.loc?.file ?? log.id ?? log.ids?.[0] ?? ENTRY
  const place = log.loc ?? lineOf(file, log.exporter)
  const name = file === ENTRY ? "the program" : path.relative(root, file)
  const advice = typeof remedy === "string" ? remedy : remedy(log, root)
  return { file: name, line: place.line, column: place.column + 1, reason: reason(log, root), remedy: advice }
}

/** Where a file writes a module's name; rollup does not say. */
function lineOf(file: string, wanted: string | undefined): { line: number; column: number } {
  const lines = wanted && existsSync(file) ? readFileSync(file, "utf8").split("\n") : []
  const line = lines.findIndex((text) => text.includes(`"${wanted}"`) || text.includes(`'${wanted}'`))
  return { line: line + 1, column: line < 0 ? 0 : lines[line].indexOf(wanted!) - 1 }
}

function syntaxProblem({ text, location }: Message, root: string): Problem {
  const { line, column } = location!
  // esbuild names files from its working directory, which is the root and not ours.
  const file = path.resolve(root, location!.file)
  const typed = readFileSync(file, "utf8").split("\n")[line - 1] ?? ""
  const [, resolved, written] = /^Could not resolve "([^"]*)"(?: \(originally "([^"]*)"\))?/.exec(text) ?? []
  const words = resolved === undefined ? wordsOf(text, root) : unresolved(written ?? resolved, root)
  return { file: path.relative(root, file), line, column: typedColumn(typed, column) + 1, ...words }
}

function wordsOf(text: string, root: string): Pick<Problem, "reason" | "remedy"> {
  const [, exporter, name] = /^No matching export in "([^"]*)" for import "([^"]*)"/.exec(text) ?? []
  if (exporter !== undefined) return notExported(name, path.resolve(root, exporter), root)
  return { reason: `${text}.`, remedy: "Mend the syntax; names of variables and functions are plain ASCII." }
}
