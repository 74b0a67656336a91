/** The interpreter's parser has no guard for its stack: a few hundred levels crash the chip, whatever is caught. */
const MAX_BRACKETS = 64

/**
 * The value of a JSON text from outside, or undefined when it is malformed or has more than 62 opening brackets: what is
 * counted is brackets, since that the interpreter does fast, and not their depth.
 */
export function parseJson(text: string): unknown {
  if (text.split("{").length + text.split("[").length > MAX_BRACKETS) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
