import { SourceMap } from "node:module"
import type { Pair } from "./align"

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

interface RawMap {
  sources: string[]
  names?: string[]
}

/** The map of `code`, moved to another text of the same tokens. Lines of either end where a character is 10. */
export function remapped(map: string, code: string, text: string, pairs: Pair[]): string {
  const parsed = JSON.parse(map) as RawMap
  const lookup = new SourceMap(JSON.parse(map))
  const [inCode, inText] = [lineStarts(code), lineStarts(text)]
  const lines: string[][] = inText.map(() => [])
  const last = { line: -1, values: [0, 0, 0, 0, 0] }
  for (const pair of pairs) {
    const [fromLine, fromColumn] = place(inCode, pair.code)
    const entry = lookup.findEntry(fromLine, fromColumn)
    if (!("originalSource" in entry)) continue
    const [line, column] = place(inText, pair.tokens)
    if (line !== last.line) last.values[0] = 0
    last.line = line
    const name = entry.originalSource && "name" in entry && entry.name ? parsed.names!.indexOf(String(entry.name)) : -1
    // What no source asked for (the wrapper's own) ends what the token before it began.
    const values = entry.originalSource
      ? [column, parsed.sources.indexOf(entry.originalSource), entry.originalLine, entry.originalColumn]
      : [column]
    if (name >= 0) values.push(name)
    lines[line]!.push(values.map((value, nth) => vlq(value - last.values[nth]!)).join(""))
    last.values.splice(0, values.length, ...values)
  }
  return JSON.stringify({ ...parsed, mappings: lines.map((segments) => segments.join(",")).join(";") })
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1)
  return starts
}

/** Line and column from 0. */
function place(starts: number[], offset: number): [line: number, column: number] {
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return [low, offset - starts[low]!]
}

/** A number as source maps write it: five bits a digit, the lowest first, the sign in the lowest bit of all. */
function vlq(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1
  let digits = ""
  do {
    const digit = rest & 31
    rest >>>= 5
    digits += DIGITS[rest ? digit | 32 : digit]
  } while (rest)
  return digits
}
