import { relative, resolve } from "node:path"
import type { Colors } from "picocolors/types"
import type { LogLevel } from "../../sim/events"
import { ROOT } from "../root"
import { readable } from "../text/terminal"
import type { ChipFrame } from "./frames"
import type { Origin, Place } from "./places"
import type { Frame, MonitorRecord } from "./record"

/** Under the time. */
const INDENT = " ".repeat(14)
/** Longer lines of source are cut around the place. */
const SOURCE_COLUMNS = 96

/** A record as lines for a person, safe to print. */
export function shownLines(record: MonitorRecord, colors: Colors): string[] {
  const time = colors.dim(clockTime(record.timeMs))
  const paint = painterOf(colors, record.level)
  if (record.kind === "line") return [`${time}  ${paint(readable(record.text))}`]
  if (record.kind === "event")
    return [`${time}  ${record.level === "info" ? colors.cyan(`-- ${record.text}`) : paint(`-- ${record.text}`)}`]
  const [first, ...others] = record.text.split("\n").map(readable)
  const head = [`${time}  ${colors.bold(paint(first || "trace:"))}`, ...others.map((line) => INDENT + paint(line))]
  return [...head, ...traceLines(record, colors), ...likelyLines(record.likely, colors)]
}

/** The places of a trace alone, below words that somebody else says. */
export const placeLines = (record: MonitorRecord & { kind: "trace" }, colors: Colors): string[] =>
  [...traceLines(record, colors), ...likelyLines(record.likely, colors)].map((line) => line.slice(INDENT.length))

/** One object, for a line of JSON. Places relative to the current folder, lines and columns from 1; null is not known. */
export function asJson(record: MonitorRecord): string {
  const { timeMs, kind, level } = record
  const head = { time: new Date(timeMs).toISOString(), timeMs, kind, level }
  if (record.kind === "line") return JSON.stringify({ ...head, text: readable(record.text) })
  if (record.kind === "event") return JSON.stringify({ ...head, event: record.event, text: record.text })
  const frames = record.frames.map(({ chip, place }) => ({ ...jsonPlace(place), chip: chipText(chip) }))
  const likely = record.likely && { ...jsonPlace(record.likely), why: record.likely.why }
  return JSON.stringify({ ...head, text: readable(record.text), frames, likely, raw: record.raw.map(readable) })
}

const jsonPlace = (place: Place | undefined) => ({
  file: place ? shownFile(place.file) : null,
  line: place?.line ?? null,
  column: place?.column ?? null,
  function: place?.function ?? null,
  source: place?.source?.trim() ?? null,
})

function painterOf(colors: Colors, level: LogLevel): (text: string) => string {
  return { debug: colors.dim, info: String, warn: colors.yellow, error: colors.red }[level]
}

/** Local time of the day. */
function clockTime(timeMs: number): string {
  const time = new Date(timeMs)
  const two = (value: number) => String(value).padStart(2, "0")
  const ms = String(time.getMilliseconds()).padStart(3, "0")
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${ms}`
}

/** Places, each with what the board said in its stead; without any place all that it said. */
function traceLines({ frames, raw }: MonitorRecord & { kind: "trace" }, colors: Colors): string[] {
  if (!frames.some(({ place }) => place)) return rawLines(raw, colors)
  const first = frames.findIndex(({ place }) => place?.source !== undefined)
  const runs = runsOf(frames, ({ chip, place }) => (place ? `${place.file}:${place.line}` : chipText(chip)))
  return runs.flatMap(({ item, count, at }) => [
    INDENT + frameText(item, colors),
    ...(at === first ? sourceLines(item.place!, colors) : []),
    ...(count > 1 ? [INDENT + colors.dim(`   and ${count - 1} more of it`)] : []),
  ])
}

function frameText({ chip, place }: Frame, colors: Colors): string {
  if (!place) return colors.dim(`at ${chipText(chip)}, which is not in the program`)
  const at = colors.cyan(`${shownFile(place.file)}:${place.line}:${place.column}`)
  const named = place.function === undefined ? at : `${colors.bold(readable(place.function))} (${at})`
  return `at ${named}${colors.dim(`  ${chipText(chip)}`)}`
}

function likelyLines(likely: Origin | undefined, colors: Colors): string[] {
  if (!likely) return []
  const at = colors.cyan(`${shownFile(likely.file)}:${likely.line}:${likely.column}`)
  const named = likely.function === undefined ? at : `${colors.bold(readable(likely.function))} (${at})`
  return [
    `${INDENT}likely at ${named}, ${likely.why} in the program`,
    ...(likely.source ? sourceLines(likely, colors) : []),
  ]
}

/** The line of the source, and a mark below the place. */
function sourceLines({ line, column, source }: Place, colors: Colors): string[] {
  const text = source!.replaceAll("\t", " ")
  const from = Math.max(0, Math.min(text.length - SOURCE_COLUMNS, column - SOURCE_COLUMNS / 2))
  const gutter = `${String(line).padStart(7)} | `
  const mark = " ".repeat(column - 1 - from)
  return [
    INDENT + colors.dim(gutter) + readable(text.slice(from, from + SOURCE_COLUMNS)),
    INDENT + colors.dim(`${" ".repeat(gutter.length - 2)}| `) + mark + colors.red("^"),
  ]
}

/** Frames that repeat once; a mark only below a text (the stock Linux build and the simulator show none). */
function rawLines(raw: string[], colors: Colors): string[] {
  const blocks: string[][] = []
  for (const line of raw) {
    if (/^ *(?:at|in function) /.test(line)) blocks.push([])
    blocks.at(-1)?.push(line)
  }
  for (const block of blocks) if (!block[1]?.trim()) block.splice(1)
  return runsOf(blocks, (block) => block.join("\n")).flatMap(({ item, count }) => [
    ...item.map((line) => INDENT + colors.dim(readable(line))),
    ...(count > 1 ? [INDENT + colors.dim(`    and ${count - 1} more of it`)] : []),
  ])
}

/** Neighbours of one key are one run. */
function runsOf<T>(items: T[], keyOf: (item: T) => string): { item: T; count: number; at: number }[] {
  const runs: { item: T; count: number; at: number; key: string }[] = []
  items.forEach((item, at) => {
    const last = runs.at(-1)
    const key = keyOf(item)
    if (last?.key === key) last.count++
    else runs.push({ item, count: 1, at, key })
  })
  return runs
}

const chipText = ({ name, file = "", line, column }: ChipFrame): string =>
  readable(name === undefined ? `${file}:${line}:${column}` : `${name} (${file}:${line}:${column})`)

/** Of the source map's names, which are relative to the folder that holds src/. */
function shownFile(file: string): string {
  const path = relative(process.cwd(), resolve(ROOT, file))
  return path.startsWith("..") && path.length > resolve(ROOT, file).length ? resolve(ROOT, file) : path
}
