import { parse, type AnyNode } from "acorn"
import { storedPlaces, tokenText, untokenised } from "../espruino/tokens"

/** As much of a line as the firmware shows, and as much of it in front of the token (jslPrintTokenLineMarker, Espruino 2v29). */
const SHOWN_BYTES = 60
const BEFORE_BYTES = 30
/** Bytes that stand for words, and for strings and numbers (src/jslex.h). */
const [FIRST_WORD, LAST_WORD, FIRST_VALUE] = [163, 198, 209]

interface Spot {
  line: number
  column: number
  /** The program around it, and how far to the right the mark below stands. */
  excerpt: string
  indent: number
  /** In no function. */
  isTop: boolean
}

/**
 * Where the chip says that a place of V8's is. An ESP32 maps its flash into memory, and there the firmware does not know its files
 * again: it counts bytes in the body of the innermost function, from 1, and a line ends where a byte is 10.
 */
export function spotOf(program: string, row: number, column: number): Spot {
  const { rows, storedAt, bodies } = layoutOf(program)
  const at = storedAt(rows[row - 1] + column - 1)
  const own = bodies.findLast(([from, to]) => from <= at && at < to)
  const [start, end] = own ?? [0, program.length]
  const body = program.slice(start, end)
  const lineStart = body.lastIndexOf("\n", at - start - 1) + 1
  const line = body.slice(0, lineStart).split("\n").length - uncounted(body, at - start)
  return { line, column: at - start - lineStart + 1, isTop: !own, ...shownAround(body, at - start, lineStart) }
}

/** Lines at the beginning that an upload wrote do not count: so the firmware takes each that has these letters in this order. */
function uncounted(body: string, at: number): number {
  const letters = "Modules.addCached"
  let lines = 0
  let found = 0
  for (let next = 0; next <= at; next++) {
    if (body[next] === letters[found] && ++found === letters.length) lines++
    if (body[next] !== "\n") continue
    if (found < letters.length) break
    found = 0
  }
  return lines
}

interface Layout {
  /** Where V8's rows begin in its text. */
  rows: number[]
  storedAt: (textAt: number) => number
  /** Of functions, in stored bytes; inner ones last. */
  bodies: [start: number, end: number][]
}

/** A program that fails once may fail at each reading: it is looked through once. */
const layouts = new Map<string, Layout>()

function layoutOf(program: string): Layout {
  const known = layouts.get(program)
  if (known) return known
  const text = untokenised(program)
  const storedAt = storedPlaces(program)
  const rows = [0]
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) rows.push(at + 1)
  const bodies = bodiesOf(text).map(([start, end]): [number, number] => [storedAt(start), storedAt(end)])
  if (layouts.size >= 20) layouts.clear()
  layouts.set(program, { rows, storedAt, bodies })
  return layouts.get(program)!
}

function shownAround(body: string, at: number, lineStart: number): { excerpt: string; indent: number } {
  const lineBytes = body.slice(lineStart).split("\n")[0].length
  let skip = lineBytes > SHOWN_BYTES && at - lineStart > BEFORE_BYTES ? at - BEFORE_BYTES - lineStart : 0
  let excerpt = skip ? "..." : ""
  let left = SHOWN_BYTES + skip
  let indent = excerpt.length
  let last = 0
  for (let next = lineStart; next < body.length && left > 0 && body[next] !== "\n";) {
    const byte = body.charCodeAt(next)
    const [word, bytes] = tokenText(body, next)
    const text = isApart(last, byte) ? ` ${word}` : word
    if (byte < FIRST_VALUE) last = byte
    if (skip <= 0) excerpt += text
    if (skip <= 0 && next < at) indent += text.length
    skip -= bytes
    left -= bytes
    next += bytes
  }
  return { excerpt: left > 0 ? excerpt : `${excerpt}...`, indent }
}

/** Words stand apart from words and names. */
function isApart(last: number, byte: number): boolean {
  const isWord = (each: number) => each >= FIRST_WORD && each <= LAST_WORD
  const isOfName = (each: number) => each >= FIRST_WORD || /\w/.test(String.fromCharCode(each))
  return byte < FIRST_VALUE && (isWord(last) || isWord(byte)) && isOfName(last) && isOfName(byte)
}

/** Of each function what stands between its braces without a `return` that comes first, or its expression; inner ones last. */
function bodiesOf(text: string): [start: number, end: number][] {
  const found: [start: number, end: number][] = []
  const visit = (node: AnyNode): void => {
    const body = /Function/.test(node.type) ? (node as { body: AnyNode }).body : undefined
    if (body) found.push(body.type === "BlockStatement" ? inside(text, body) : [body.start, body.end])
    for (const part of Object.values(node).flat()) if (typeof part?.type === "string") visit(part as AnyNode)
  }
  visit(parse(text, { ecmaVersion: "latest" }))
  return found
}

function inside(text: string, { start, end }: AnyNode): [start: number, end: number] {
  const [lead] = /^\{\s*(?:return\b\s*)?/.exec(text.slice(start, end)) ?? ["{"]
  return [start + lead.length, end - 1]
}
