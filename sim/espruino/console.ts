import { PRINTED, show } from "../console/show"
import type { LogLevel } from "../events"
import type { Interpreter } from "./interpreter"
import { jsonStringify } from "./json"
import { numberText } from "./number"

const LEVELS: Record<string, LogLevel> = {
  log: "info",
  info: "info",
  debug: "debug",
  warn: "warn",
  error: "error",
  trace: "debug",
}

/** print and console.*: one log event a call, the arguments with a space between. */
export function installConsole(interpreter: Interpreter): void {
  const { realm } = interpreter
  const methods: Record<string, unknown> = {}
  for (const [name, level] of Object.entries(LEVELS))
    methods[name] = interpreter.native(name, (...values: unknown[]) =>
      interpreter.log(
        level,
        interpreter.pure(() => values.map(shown).join(" ")),
        interpreter.machine.port.isPlugged ? interpreter.pure(() => printed(interpreter, values)) : undefined,
      ),
    )
  realm.define("console", realm.object(methods))
  realm.define("print", methods.log)
}

function printed(interpreter: Interpreter, values: unknown[]): string {
  const find = (constructor: unknown) => interpreter.realm.nameOf(constructor)
  return `${values.map((value) => (typeof value === "string" ? value : show(value, PRINTED, find))).join(" ")}\n`
}

/** As the console shows it: text bare, objects as JSON with spaces, functions as such. */
function shown(value: unknown): string {
  if (typeof value === "string") return value
  if (typeof value === "number") return numberText(value)
  if (typeof value === "function") return "function (...) {...}"
  if (value instanceof Object === false && typeof value !== "object") return String(value)
  if (isError(value)) return `${value.name}: ${value.message}`
  return jsonStringify(value, 1)?.replace(/\n\s*/g, " ") ?? String(value)
}

/** By shape: errors of the program's realm are no instances of the host's Error. */
function isError(value: unknown): value is Error {
  return typeof (value as Error | null)?.message === "string" && typeof (value as Error).stack === "string"
}
