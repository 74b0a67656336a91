import type { Tokeniser } from "../build/espruino-tools"

/** From this byte on a byte is an operator or a word; the words lie between the other two (LEX_TYPES in src/jslex.h, Espruino 2v29). */
const FIRST_TOKEN = 138
const FIRST_WORD = 163
const LAST_WORD = 198
/** Strings with a length of one or two bytes, the integers 0, of one byte and of two. */
const [STRING8, STRING16, INT0, INT8, INT16] = [0xd1, 0xd2, 0xd3, 0xd4, 0xd5]
/** So much of a line is shown, and so much of it before the token where the line is longer. */
const SHOWN_BYTES = 60
const BEFORE_BYTES = 30
/** A byte of a string that is shown in one of several ways: its escape depends on the compiler's `char`. */
const ANY = "\0"

interface Piece {
  text: string
  bytes: number
  /** For the space between two words: the byte, unless it is a literal. */
  last?: number
}

/** The two ways in which firmware cuts a line: as 2v30 does, and as 2v27 to 2v29 do. */
type Way = "new" | "old"

/**
 * True when `shown` is what the firmware prints below a frame of a trace for the token at `at` of `code`: the program
 * text around it, words in full (jslPrintTokenLineMarker). Lines end where a byte is 10, in the middle of a string, too.
 */
export function isExcerpt(shown: string, code: string, at: number, tools: Tokeniser): boolean {
  return (["new", "old"] as const).some((way) => patternOf(excerpt(code, at, tools, way)).test(printable(shown)))
}

function excerpt(code: string, at: number, tools: Tokeniser, way: Way): string {
  const start = code.lastIndexOf("\n", at - 1) + 1
  const next = code.indexOf("\n", start)
  const end = next < 0 ? code.length : next
  const isLong = end - start > SHOWN_BYTES && at - start > BEFORE_BYTES
  const skipped = isLong ? at - BEFORE_BYTES - start : 0
  const from = way === "new" ? start : start + (isLong ? 3 + skipped : 0)
  let text = isLong ? "..." : ""
  let count = way === "new" ? -skipped : 0
  let last = 0
  for (let index = from; index < code.length && count < SHOWN_BYTES && code[index] !== "\n";) {
    const piece = pieceAt(code, index, last, tools, way)
    if (count >= 0 || way === "old") text += piece.text
    index += piece.bytes
    count += way === "old" && isInteger(code.charCodeAt(index - piece.bytes)) ? piece.text.length : piece.bytes
    last = piece.last ?? last
  }
  const isCut = way === "new" ? count >= SHOWN_BYTES : end - start - skipped > SHOWN_BYTES
  return text + (isCut ? "..." : "")
}

const isInteger = (byte: number) => byte === INT8 || byte === INT16

function pieceAt(code: string, at: number, last: number, tools: Tokeniser, way: Way): Piece {
  const byte = code.charCodeAt(at)
  const next = (nth: number) => code.charCodeAt(at + nth)
  const string = (head: number, length: number) => ({
    text: `"${[...code.substr(at + head, length)].map(escaped).join("")}"`,
    bytes: head + length,
  })
  if (byte === STRING8) return string(2, next(1))
  if (byte === STRING16) return string(3, next(1) | (next(2) << 8))
  if (byte === INT0) return { text: "0", bytes: 1 }
  // Up to 2v29 a negative one looks like 256 more.
  if (byte === INT8) return { text: String(way === "old" ? next(1) : (next(1) << 24) >> 24), bytes: 2 }
  if (byte === INT16) return { text: String(((next(1) | (next(2) << 8)) << 16) >> 16), bytes: 3 }
  const text = byte >= FIRST_TOKEN ? tools.untokenise(code[at]!) : code[at]!
  return { text: (needSpace(last, byte) ? " " : "") + text, bytes: 1, last: byte }
}

function needSpace(last: number, byte: number): boolean {
  const isWord = (each: number) => each >= FIRST_WORD && each <= LAST_WORD
  const isOfName = (each: number) => each >= FIRST_WORD || /\w/.test(String.fromCharCode(each))
  return (isWord(last) || isWord(byte)) && isOfName(last) && isOfName(byte)
}

const SHORT: Record<string, string> = { "\\": "\\\\", '"': '\\"' }
const escaped = (char: string): string => SHORT[char] ?? (/[ -~]/.test(char) ? char : ANY)

const printable = (text: string): string => text.replace(/[^ -~]/g, "").trimEnd()

function patternOf(text: string): RegExp {
  const parts = text.split(ANY).map((part) => printable(part).replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"))
  return new RegExp(`^${parts.join("\\\\(?:x[0-9A-Fa-f]{2}|[^])?")}\\s*$`)
}
