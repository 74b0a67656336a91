import { parse } from "acorn"
import type { Node, Program, Statement } from "acorn"
import type { Interpreter } from "../espruino/interpreter"

/**
 * What V8 must be given for a typed line to be what the chip makes of it: `let` and `const` may be said twice, a declaration has
 * the value of what it declares, and a statement has none (Espruino 2v29). What does not parse goes on as it is: V8 says why.
 */
export function typedSource(line: string): { code: string; hasValue: boolean } {
  let program: Program
  try {
    program = parse(line, { ecmaVersion: 2022, sourceType: "script", allowReturnOutsideFunction: false })
  } catch {
    return { code: line, hasValue: true }
  }
  const last = program.body.at(-1)
  const name = last && declaredName(last)
  let code = line
  for (const statement of [...program.body].reverse()) code = asScript(code, statement)
  if (name) return { code: `${code}\n;${name}`, hasValue: true }
  return { code, hasValue: last?.type === "ExpressionStatement" }
}

function declaredName(statement: Statement | Node): string | undefined {
  const { type, id, declarations } = statement as {
    type: string
    id?: { name: string }
    declarations?: { id: { name?: string } }[]
  }
  if (type === "VariableDeclaration") return declarations!.at(-1)!.id.name
  return type === "FunctionDeclaration" || type === "ClassDeclaration" ? id!.name : undefined
}

function asScript(code: string, statement: Node): string {
  const { type, start, kind, id } = statement as Node & { kind?: string; id?: { name: string } }
  const rest = code.slice(start)
  if (type === "ClassDeclaration") return `${code.slice(0, start)}${id!.name}=${rest}`
  if (type !== "VariableDeclaration" || kind === "var") return code
  return code.slice(0, start) + rest.replace(/^(?:let|const)/, (word) => "var".padEnd(word.length))
}

/** Runs code of the console; what it gives, or undefined when it did not come to its end, which has been told then. */
export function runTyped(interpreter: Interpreter, run: () => unknown): { value: unknown } | undefined {
  let done: { value: unknown } | undefined
  const isWhole = interpreter.run("event", () => (done = { value: run() }), undefined, [])
  return isWhole ? done : undefined
}
