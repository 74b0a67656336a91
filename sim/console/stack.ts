import { PROGRAM_FILE, TYPED_FILE, type Realm } from "../espruino/realm"
import { spotOf } from "./excerpt"

/** V8's words for what the firmware says otherwise (src/jsparse.c, Espruino 2v29). */
const WORDS: [RegExp, string][] = [
  [/^([\w$]+) is not defined$/, '"$1" is not defined'],
  [/^Cannot read properties of (null|undefined) \(reading '(.*)'\)$/, "Can't read property '$2' of $1"],
]
const FRAME = /^\s*at (?:(.*?) \()?(\S*?):(\d+):(\d+)\)?$/

/**
 * `Uncaught ...` and the stack as the console has them: `    at NAME (FILE:LINE:COLUMN)`, the program around it and a mark below. Of
 * the tokens V8's: the firmware points behind what failed, or at it. `realm` knows the programs behind V8's file names.
 */
export function uncaughtText(error: unknown, realm: Pick<Realm, "programOf">): string {
  const { message, stack, name } = (error ?? {}) as Partial<Error>
  if (message === undefined || stack === undefined) return `Uncaught ${String(error)}\n`
  const said = WORDS.reduce((text, [pattern, word]) => text.replace(pattern, word), message)
  const frames = stack.split("\n").flatMap((line) => frameText(line, realm) ?? [])
  // What V8 calls a TypeError here is a plain Error on the chip.
  const kind = said.startsWith("Can't read property") ? "Error" : (name ?? "Error")
  return `Uncaught ${kind}: ${said}\n${frames.join("")}`
}

/** The same for the reason of a promise that nobody caught. */
export const rejectionText = (reason: unknown, realm: Pick<Realm, "programOf">): string =>
  uncaughtText(reason, realm).replace(/^Uncaught /, "Uncaught Error: Unhandled promise rejection: ")

function frameText(line: string, realm: Pick<Realm, "programOf">): string | undefined {
  const [, caller, file, row, column] = FRAME.exec(line) ?? []
  if (file === TYPED_FILE) return frame(caller ?? "REPL", Number(row), Number(column), "", Number(column) - 1)
  if (!file?.startsWith(PROGRAM_FILE)) return undefined
  const program = realm.programOf(file)
  if (program === undefined) return undefined
  const spot = spotOf(program, Number(row), Number(column))
  const called = caller ? calledName(caller) : ""
  return frame(spot.isTop ? fileName(file) : called, spot.line, spot.column, spot.excerpt, spot.indent)
}

function frame(name: string, line: number, column: number, excerpt: string, indent: number): string {
  const place = `:${line}:${column}`
  return `    at ${name ? `${name} (${place})` : place}\n${excerpt}\n${" ".repeat(indent)}^\n`
}

/** The chip knows the name that a function was called by, and none for a callback. */
const calledName = (caller: string): string => /\[as (\S+)\]$/.exec(caller)?.[1] ?? /[\w$]*$/.exec(caller)![0]

/** Of code on the top level. */
function fileName(file: string): string {
  const name = /\?(.*?)(?:#\d+)?$/.exec(file)?.[1] ?? ".bootcde"
  return name === ".bootcde" ? "boot code" : name
}
