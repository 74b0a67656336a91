import type { Tokeniser } from "./espruino-tools"
import type { Lexeme } from "./shape"

/** Where the same token stands in the pretokenised program and in the bundle. */
export interface Pair {
  tokens: number
  code: number
}

// The bytes of Espruino's src/jslex.h that carry a value behind them.
const RAW_STRING8 = 0xd1
const RAW_STRING16 = 0xd2
const RAW_INT0 = 0xd3
const RAW_INT8 = 0xd4
const RAW_INT16 = 0xd5
/** The first byte that stands for a word or an operator. */
const FIRST_WORD = 138

/** A value in the pretokenised text, and where the next token begins. */
interface Raw {
  value: string | number
  end: number
}

/**
 * Reads a pretokenised program beside the one it was made from, token by token. EspruinoTools works on text without a
 * grammar, and a program that it got wrong would fail on the chip, far from here: any difference is an error.
 */
export function align(lexemes: Lexeme[], tokens: string, tools: Tokeniser): Pair[] {
  const pairs: Pair[] = []
  let at = 0
  for (let nth = 0; nth < lexemes.length;) {
    while (tokens[at] === " " || tokens[at] === "\n") at++
    const { start, text } = lexemes[nth]!
    pairs.push({ tokens: at, code: start })
    const raw = rawAt(tokens, at)
    const count = raw ? countOf(lexemes, nth, raw.value) : 1
    const end = raw ? raw.end : plainEnd(text, tokens, at, tools)
    if (!count || end < 0)
      throw new Error(
        `pretokenising went wrong at "${lexemes
          .slice(nth, nth + 9)
          .map((each) => each.text)
          .join(" ")}"`,
      )
    nth += count
    at = end
  }
  return pairs
}

/** Behind the token as it is written, or behind its one byte; -1 when another one stands there. */
function plainEnd(text: string, tokens: string, at: number, tools: Tokeniser): number {
  if (tokens.charCodeAt(at) >= FIRST_WORD) return tools.untokenise(tokens[at]!) === text ? at + 1 : -1
  return tokens.startsWith(text, at) ? at + text.length : -1
}

function rawAt(tokens: string, at: number): Raw | undefined {
  const byte = (nth: number) => tokens.charCodeAt(at + nth)
  const word = () => byte(1) | (byte(2) << 8)
  switch (byte(0)) {
    case RAW_STRING8:
      return { value: tokens.substr(at + 2, byte(1)), end: at + 2 + byte(1) }
    case RAW_STRING16:
      return { value: tokens.substr(at + 3, word()), end: at + 3 + word() }
    case RAW_INT0:
      return { value: 0, end: at + 1 }
    case RAW_INT8:
      return { value: (byte(1) << 24) >> 24, end: at + 2 }
    case RAW_INT16:
      return { value: (word() << 16) >> 16, end: at + 3 }
    default:
      return undefined
  }
}

/** How many tokens of the bundle a value stands for: "-" and its number are one value; 0 when it is another. */
function countOf(lexemes: Lexeme[], nth: number, value: string | number): number {
  const [first, second] = [lexemes[nth]!, lexemes[nth + 1]]
  if (first.text === "-") return second?.value === -value ? 2 : 0
  return first.value === value ? 1 : 0
}
