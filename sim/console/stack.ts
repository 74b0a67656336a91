import { PROGRAM_FILE, TYPED_FILE } from "../espruino/realm"

/** V8's words for what the firmware says otherwise (src/jsparse.c, Espruino 2v29). */
const WORDS: [RegExp, string][] = [
  [/^([\w$]+) is not defined$/, '"$1" is not defined'],
  [/^Cannot read properties of (null|undefined) \(reading '(.*)'\)$/, "Can't read property '$2' of $1"],
]
const FRAME = /^\s*at (?:(.*?) \()?(\S*?):(\d+):(\d+)\)?$/

/**
 * `Uncaught ...` and the stack as the console has them: `    at NAME (FILE:LINE:COLUMN)`, an empty line and a mark below where the
 * program text would be. V8's columns: the firmware points behind what failed, or at it, and counts a function in RAM from its body.
 */
export function uncaughtText(error: unknown): string {
  const { message, stack, name } = (error ?? {}) as Partial<Error>
  if (message === undefined || stack === undefined) return `Uncaught ${String(error)}\n`
  const said = WORDS.reduce((text, [pattern, word]) => text.replace(pattern, word), message)
  const frames = stack.split("\n").flatMap((line) => frameText(line) ?? [])
  // What V8 calls a TypeError here is a plain Error on the chip.
  const kind = said.startsWith("Can't read property") ? "Error" : (name ?? "Error")
  return `Uncaught ${kind}: ${said}\n${frames.join("")}`
}

function frameText(line: string): string | undefined {
  const [, caller, file, row, column] = FRAME.exec(line) ?? []
  const isTyped = file === TYPED_FILE
  if (!file || (!isTyped && !file.startsWith(PROGRAM_FILE))) return undefined
  const stored = isTyped ? "" : file.slice(PROGRAM_FILE.length + 1) || ".bootcde"
  const place = `${stored}:${row}:${column}`
  const name = caller ?? (isTyped ? "REPL" : stored === ".bootcde" ? "boot code" : stored)
  return `    at ${name} (${place})\n\n${" ".repeat(Number(column) - 1)}^\n`
}
