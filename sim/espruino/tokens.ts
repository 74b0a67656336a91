/** Tokens by their bytes (LEX_TYPES in src/jslex.h, Espruino 2v29): operators from 138, words from 163, then what is padded. */
const OPERATORS = "== === != !== <= << <<= >= >> >>> >>= >>>= += -= ++ -- *= /= %= &= && |= || ^= =>".split(" ")
const WORDS =
  "if else do while for break continue function return var let const this throw try catch finally true false null undefined new in instanceof switch case default delete typeof void debugger class extends super static of".split(
    " ",
  )
const FIRST_OPERATOR = 138
const FIRST_WORD = FIRST_OPERATOR + OPERATORS.length
const NULLISH = 208
const STRING8 = 209
const STRING16 = 210
const INT0 = 211
const INT8 = 212
const INT16 = 213

const LITERAL = /"(?:\\[^]|[^"\\])*"?|'(?:\\[^]|[^'\\])*'?|`(?:\\[^]|[^`\\])*`?|\/\/[^\n]*|\/\*[^]*?\*\//y

/**
 * A pretokenised program as text, which is what V8 reads; any other program as it is. Bytes of tokens stand outside of literals and
 * comments, where a program in plain text has none.
 */
export function untokenised(program: string): string {
  if (!/[\x8a-\xd5]/.test(program)) return program
  let text = ""
  for (let at = 0; at < program.length;) {
    LITERAL.lastIndex = at
    const literal = LITERAL.exec(program)?.[0]
    const [piece, length] = literal ? [literal, literal.length] : tokenText(program, at)
    // Words touch in tokens: "return" and a name behind it.
    text += /[\w$]$/.test(text) && /^[\w$"]/.test(piece) && isToken(program, at, text) ? ` ${piece}` : piece
    at += length
  }
  return text
}

/** A word in front of this byte, or this one, came from a token: they need a space between them. */
function isToken(program: string, at: number, before: string): boolean {
  return program.charCodeAt(at) >= FIRST_OPERATOR || program.charCodeAt(at - 1) >= FIRST_OPERATOR || /\d$/.test(before)
}

function tokenText(program: string, at: number): [text: string, length: number] {
  const byte = program.charCodeAt(at)
  const next = (offset: number) => program.charCodeAt(at + offset)
  if (byte < FIRST_OPERATOR) return [program[at], 1]
  if (byte < FIRST_WORD) return [OPERATORS[byte - FIRST_OPERATOR], 1]
  if (byte < FIRST_WORD + WORDS.length) return [WORDS[byte - FIRST_WORD], 1]
  if (byte === NULLISH) return ["??", 1]
  if (byte === STRING8) return [quoted(program.slice(at + 2, at + 2 + next(1))), 2 + next(1)]
  if (byte === STRING16) {
    const length = next(1) + 256 * next(2)
    return [quoted(program.slice(at + 3, at + 3 + length)), 3 + length]
  }
  if (byte === INT0) return ["0", 1]
  if (byte === INT8) return [String((next(1) << 24) >> 24), 2]
  if (byte === INT16) return [String((((next(2) << 8) | next(1)) << 16) >> 16), 3]
  return [program[at], 1]
}

const quoted = (bytes: string): string =>
  `"${bytes.replace(/["\\]|[^ -~]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`)}"`
