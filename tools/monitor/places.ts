import { SourceMap } from "node:module"
import { typedColumn } from "../build/text"
import type { Code } from "../build/program"
import { anchorOf } from "./anchor"
import { columnAt, lineAndColumn, offsetsAt } from "./counting"
import { isExcerpt } from "./excerpt"
import { functionNames } from "./functions"
import { likelyIn } from "./origin"
import { onChip, type OnChip } from "./texts"
import { isTyped, type ChipFrame } from "./frames"

/** Where in the TypeScript a frame of a trace is. Lines and columns from 1. */
export interface Place {
  /** As the source map names it: relative to the folder that holds src/. */
  file: string
  line: number
  column: number
  /** The innermost function there that has a name, or what a callback is handed to; undefined at the top of a file. */
  function?: string
  /** The line as it was when the program was built. */
  source?: string
}

interface Program {
  bundle: Code
  /** The bytes on the chip, the file that they stand in, and the firmware that they are for. */
  code: string
  file: string
  firmware: string
}

export interface Places {
  /** Where a frame is. Undefined for what is not in the program, or may be in several places of it: a wrong line is worse than none. */
  of(frame: ChipFrame): Place | undefined
  /** Where an error of these words may come from whose trace has no place. */
  likely(head: string): Origin | undefined
}

/** A place that is likely, and why. */
export interface Origin extends Place {
  why: string
}

/** Its text is parsed only when its checksum is right. */
const CHECKED = "src/device/settings.ts"

interface RawMap {
  sources: string[]
  sourcesContent?: (string | null)[]
}

/** Finds the places of one program. */
export async function placesOf({ bundle, code, file, firmware }: Program): Promise<Places> {
  const chip = onChip(bundle.code, code, firmware)
  const raw = JSON.parse(bundle.map) as RawMap
  const map = new SourceMap(JSON.parse(bundle.map))
  const nameAt = await functionNames()

  function placeAt(offset: number): Place | undefined {
    const anchor = anchorOf(chip.tree, offset)
    const [row, column] = lineAndColumn(bundle.code, anchor)
    const entry = map.findEntry(row - 1, column - 1)
    if (!("originalSource" in entry) || !entry.originalSource) return undefined
    const text = raw.sourcesContent?.[raw.sources.indexOf(entry.originalSource)]
    const source = text?.split("\n")[entry.originalLine]
    const line = entry.originalLine + 1
    const typed = 1 + (source === undefined ? entry.originalColumn : typedColumn(source, entry.originalColumn))
    const place = { file: entry.originalSource, line, column: typed, source }
    return text ? { ...place, function: nameAt(text, line, typed) } : place
  }

  function of(frame: ChipFrame): Place | undefined {
    if (isTyped(frame) || (frame.file !== undefined && frame.file !== file)) return undefined
    const offsets = frame.file === undefined ? offsetsByExcerpt(chip, frame) : offsetsInFile(chip, frame)
    const places = offsets.map(placeAt)
    const [place] = places
    return places.every((each) => each?.file === place?.file && each?.line === place?.line) ? place : undefined
  }

  function likely(head: string): Origin | undefined {
    const { offsets = [], what } = likelyIn(chip.tree, head) ?? {}
    const places = offsets.flatMap((offset) => placeAt(offset) ?? []).filter((place) => place.file !== CHECKED)
    return places.length === 1 ? { ...places[0]!, why: `the only ${what}` } : undefined
  }

  return { of, likely }
}

/**
 * Firmware that knows the file counts in it. Where two places have one name, the mark below tells them apart: it stands where the
 * token is in the body of its function, or behind the three dots of a line that was cut.
 */
function offsetsInFile({ whole, texts, tools }: OnChip, frame: ChipFrame): number[] {
  const { line, column, caret, excerpt, countsAll } = frame
  const innermost = (at: number) =>
    texts.filter((text) => text.start <= at && at < text.start + text.code.length).at(-1)!
  const isShown = (at: number) => {
    const { code, start } = innermost(at)
    return !excerpt?.trim() || isExcerpt(excerpt, code, at - start, tools)
  }
  const marked = (at: number) => {
    const { code, start } = innermost(at)
    return [0, 3].includes(caret! - columnAt(code, at - start))
  }
  const all = offsetsAt(whole.code, line, column, countsAll).filter(
    (at) => whole.inBundle(at) !== undefined && isShown(at),
  )
  const likely = all.length > 1 && caret !== undefined ? all.filter(marked) : all
  return likely.map((at) => whole.inBundle(at)!)
}

/**
 * Where flash is mapped into memory, as on every ESP32, the firmware does not find the file again: it counts in the body of the
 * function, and shows the text around. All functions that have this very text there.
 */
function offsetsByExcerpt({ texts, tools }: OnChip, { line, column, excerpt, countsAll }: ChipFrame): number[] {
  if (!excerpt?.trim()) return []
  return texts.flatMap(({ code, inBundle }) =>
    offsetsAt(code, line, column, countsAll).flatMap((at) => {
      const offset = inBundle(at)
      return offset !== undefined && isExcerpt(excerpt, code, at, tools) ? [offset] : []
    }),
  )
}
