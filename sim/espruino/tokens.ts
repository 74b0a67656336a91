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

const IS_TOKENS = /[\x8a-\xd5]/

/**
 * A pretokenised program as text, which is what V8 reads; any other program as it is. Bytes of tokens stand outside of literals and
 * comments, where a program in plain text has none.
 */
export function untokenised(program: string): string {
  if (!IS_TOKENS.test(program)) return program
  let text = ""
  eachPiece(program, (piece) => void (text += piece))
  return text
}

/** Gives the byte of a program from which a character of its text comes. */
export function storedPlaces(program: string): (textAt: number) => number {
  if (!IS_TOKENS.test(program)) return (textAt) => textAt
  const places: number[] = []
  eachPiece(program, (piece, at, length) => {
    // A literal that is text stands there as it is; a space in front of a word belongs to the word.
    const isText = piece.length === length
    for (let nth = 0; nth < piece.length; nth++) places.push(isText ? at + nth : at)
  })
  return (textAt) => places[textAt] ?? program.length
}

function eachPiece(program: string, take: (piece: string, at: number, length: number) => void): void {
  let before = ""
  let isAfterToken = false
  for (let at = 0; at < program.length;) {
    LITERAL.lastIndex = at
    const literal = LITERAL.exec(program)?.[0]
    const [piece, length] = literal ? [literal, literal.length] : tokenText(program, at)
    const isToken = program.charCodeAt(at) >= FIRST_OPERATOR
    take(between(before, piece, isToken || isAfterToken) + piece, at, length)
    before = piece
    isAfterToken = isToken
    at += length
  }
}

/** Words that begin a statement, where the chip needs no semicolon in front: a line break does the same for V8. */
const BEGINS =
  /^(if|else|do|while|for|break|continue|function|return|var|let|const|this|throw|try|new|switch|case|default|delete|typeof|void|class)$/
/** Words that end an expression. */
const VALUES = /^(this|true|false|null|undefined|super)$/

/** What V8 needs between two pieces: words touch in tokens ("return" and a name behind it), and statements do. */
function between(before: string, piece: string, isAtToken: boolean): string {
  const isEnd = /^[)\]}]$|^(\+\+|--)$/.test(before) || (/[\w$"'`]$/.test(before) && !isKeyword(before))
  if (isEnd && BEGINS.test(piece)) return "\n"
  if (/^[)\]}]$/.test(before) && /^[\w$]/.test(piece) && !WORDS.includes(piece)) return "\n"
  return isAtToken && /[\w$]$/.test(before) && /^[\w$"]/.test(piece) ? " " : ""
}

const isKeyword = (piece: string): boolean => WORDS.includes(piece) && !VALUES.test(piece)

/** What stands at a byte, as text, and how many bytes it takes. */
export function tokenText(program: string, at: number): [text: string, length: number] {
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
  `"${bytes.replace(/["\\]|[^ -~]/g, (char) => (/["\\]/.test(char) ? `\\${char}` : `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`))}"`
