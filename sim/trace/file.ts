import { crc32 } from "node:zlib"
import type { HouseEvent } from "../events"
import { at, parseHeader } from "./header"
import type { TraceHeader } from "./header"
import { parseLine } from "./parse"
import { endText, sumText } from "./recorder"
import { TraceError, word } from "./text"

export interface Trace {
  header: TraceHeader
  /** In order; `line` counts from 1 in the file. */
  events: { line: number; text: string }[]
  /** Until when it was recorded; absent from one that was cut short. */
  endUs?: number
  /** Absent without an end; false when a line was changed, taken away or put in since. */
  isAsRecorded?: boolean
}

const END = /^end (\d+)us (\d+) events ([\da-f]{8})$/

/** Throws a TraceError that names the line. Events are read one by one by `eventOf`. */
export function readTrace(text: string): Trace {
  const lines = text.split("\n")
  // Of a recording that was killed, the last line may be half a line.
  if (lines.length > 1 && lines.at(-1) !== "" && !END.test(lines.at(-1)!)) lines[lines.length - 1] = ""
  while (lines.length > 1 && lines.at(-1) === "") lines.pop()
  const isCut = !lines.at(-1)!.startsWith("end ")
  const { header, length } = parseHeader(isCut && !lines.includes("") ? [...lines, ""] : lines)
  const last = isCut ? lines.length : lines.length - 1
  const events = lines.slice(length, last).map((text, i) => ({ line: length + i + 1, text }))
  if (isCut) return { header, events }
  return { header, events, ...at(last + 1, () => readEnd(lines, last, events.length)) }
}

export function eventOf({ line, text }: Trace["events"][number]): HouseEvent {
  return at(line, () => parseLine(text))
}

/** Those of one board, without reading the others. */
export function eventsOf(trace: Trace, name: string): Trace["events"] {
  const device = word(name)
  return trace.events.filter(({ text }) => {
    const from = text.indexOf(" ") + 1
    return text.startsWith(device, from) && text[from + device.length] === " "
  })
}

function readEnd(lines: string[], last: number, events: number) {
  const [, atUs, count, sum] = END.exec(lines[last]) ?? []
  if (!sum) throw new TraceError(`expected "end TIMEus COUNT events SUM", got "${lines[last]}"`)
  const before = lines.slice(0, last).map((line) => `${line}\n`)
  const found = crc32(before.join("") + endText(Number(atUs), Number(count)))
  return { endUs: Number(atUs), isAsRecorded: Number(count) === events && sumText(found) === sum }
}
