import { tokenizer } from "acorn"

/** Text as the chip's flash holds it: one character per UTF-8 byte. */
export function utf8Bytes(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : Buffer.from(text, "utf8").toString("latin1")
}

/** A program as the chip reads it: in string literals `\u20ac` keeps its low byte only (Espruino 2v29). */
export function asChipSource(program: string): string {
  return program.includes("\\u") ? truncateEscapes(program) : program
}

/**
 * Erased flash reads 0xFF, which is a letter to V8 and an error to the chip's lexer. A file cut off in the middle of a
 * literal needs no look: V8 refuses it too.
 */
export function erasedAt(program: string): number {
  if (!program.includes("\xff")) return -1
  try {
    for (const token of tokenizer(program, { ecmaVersion: 2020 }))
      if (token.type.label === "name" && program.slice(token.start, token.end).includes("\xff")) return token.start
  } catch {
    // V8 will say what is wrong with it
  }
  return -1
}

/** Only inside strings and templates: an escaped backslash before a `u`, or a regular expression, is something else. */
function truncateEscapes(source: string): string {
  const edits: { start: number; end: number }[] = []
  try {
    for (const token of tokenizer(source, { ecmaVersion: 2020 }))
      if (token.type.label === "string" || token.type.label === "template") edits.push(token)
  } catch {
    return source // V8 will say what is wrong with it
  }
  let result = ""
  let from = 0
  for (const { start, end } of edits) {
    result += source.slice(from, start) + truncateLiteral(source.slice(start, end))
    from = end
  }
  return result + source.slice(from)
}

function truncateLiteral(literal: string): string {
  return literal.replace(/\\(?:u[0-9a-fA-F]{2}([0-9a-fA-F]{2})|[^])/g, (escape, low) => (low ? `\\x${low}` : escape))
}
