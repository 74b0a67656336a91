/**
 * Lines and columns as the firmware counts them (jsvGetLineAndCol, Espruino 2v29): both from 1, a line ends where a byte is 10.
 * Since 2v27 lines at the beginning that an upload put there do not count: those in which the letters of this word come one
 * behind the other, whatever stands between them. A minified program is full of such lines.
 */
const IGNORED = "Modules.addCached"

/** The offsets that the firmware calls by this line and column: none, one, or some where lines are not counted. */
export function offsetsAt(text: string, line: number, column: number, countsAll = false): number[] {
  const ends = countsAll ? [] : ignoredFrom(text)
  const offsets: number[] = []
  for (let ignored = 0; ignored <= ends.length; ignored++) {
    const at = offsetAt(text, line + ignored, column)
    if (at !== undefined && ends.filter((end) => end <= at).length === ignored) offsets.push(at)
  }
  return offsets
}

/** Behind which offsets one more line is not counted. */
function ignoredFrom(text: string): number[] {
  const ends: number[] = []
  for (let start = 0; ;) {
    const next = text.indexOf("\n", start)
    const end = next < 0 ? text.length : next
    let at = start - 1
    for (const char of IGNORED) at = at < start - 1 ? -2 : indexIn(text, char, at + 1, end)
    if (at < start) return ends
    ends.push(at)
    if (next < 0) return ends
    start = next + 1
  }
}

function indexIn(text: string, char: string, from: number, end: number): number {
  const at = text.indexOf(char, from)
  return at < 0 || at >= end ? -2 : at
}

function offsetAt(text: string, line: number, column: number): number | undefined {
  if (line < 1) return undefined
  let start = 0
  for (let nth = 1; nth < line; nth++) {
    start = text.indexOf("\n", start) + 1
    if (start === 0) return undefined
  }
  const next = text.indexOf("\n", start)
  const at = start + column - 1
  return at < (next < 0 ? text.length : next) ? at : undefined
}

/** The column from 1, in the line that it is in. */
export const columnAt = (text: string, at: number): number => at - text.lastIndexOf("\n", at - 1)

/** Line and column from 1, as everybody else counts them. */
export const lineAndColumn = (text: string, at: number): [line: number, column: number] => [
  text.slice(0, at).split("\n").length,
  columnAt(text, at),
]
