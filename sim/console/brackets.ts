/** A comment or a template that goes on. */
const UNFINISHED = 1000

/** A slash behind these divides; behind anything else it opens a pattern. */
const ENDS_VALUE = /^[\w$)\]}"'`]/
const BEFORE_VALUE = /^(?:return|typeof|case|in|of|void|delete|instanceof|throw|new|else|do)$/

const PATTERN = /\/(?:\\[^\n]|\[(?:\\[^\n]|[^\]\n])*\]|[^/\\[\n])+\/\w*/y
const TOKEN =
  /\s+|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|"(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?|`(?:\\[^]|[^`\\])*`?|[\w$]+|[^]/y

/**
 * Whether a typed line can run yet, as jsiCountBracketsInInput decides it (src/jsinteractive.c, Espruino 2v29): the brackets that
 * are open, 0 for a string without an end (it runs, and fails), and many for a comment or a template without one.
 */
export function openBrackets(source: string): number {
  let open = 0
  let isValue = false
  for (let at = 0; at < source.length;) {
    const token: string = match(PATTERN, source, isValue ? source.length : at) ?? match(TOKEN, source, at)!
    at += token.length
    if (isUnfinished(token)) return UNFINISHED
    if (/^["']/.test(token) && !(token.length > 1 && token.endsWith(token[0]))) return 0
    if (/^(?:\s|\/[/*])/.test(token)) continue
    if (/^[{[(]$/.test(token)) open++
    else if (/^[}\])]$/.test(token) && --open < 0) return open
    isValue = ENDS_VALUE.test(token) && !BEFORE_VALUE.test(token)
  }
  return open
}

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(source)?.[0]
}

function isUnfinished(token: string): boolean {
  if (token.startsWith("/*")) return token.length < 4 || !token.endsWith("*/")
  return token.startsWith("`") && !/^`(?:\\[^]|[^`\\])*`$/.test(token)
}
