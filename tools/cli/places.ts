import { SourceMap } from "node:module"
import type { HouseEvent } from "../../sim/events"

/** "at name (program.js:1:6870)" and "at program.js:1:6870": a frame of a bundle's stack. */
const FRAME = /[^\s()]+ \(program\.js:(\d+):(\d+)\)|\bprogram\.js:(\d+):(\d+)/g
/** Where V8 names the file alone, in front of the frames. */
const FILE_LINE = / program\.js:\d+(?= at )/g

/** Turns places in a board's bundle into those of its TypeScript, where a board logs an error's stack. */
export class Places {
  private readonly lookups = new Map<string, SourceMap>()
  constructor(private readonly maps: Record<string, string | undefined>) {}

  mapped(event: HouseEvent): HouseEvent {
    const map = this.maps[event.device]
    if (event.kind !== "log" || !event.text.includes("program.js:") || !map) return event
    return { ...event, text: this.inSource(event.device, map, event.text) }
  }

  private inSource(device: string, map: string, text: string): string {
    const lookup = this.lookups.get(device) ?? new SourceMap(JSON.parse(map))
    this.lookups.set(device, lookup)
    return text.replace(FILE_LINE, "").replace(FRAME, (frame: string, ...at: (string | undefined)[]) => {
      const [line, column] = at[0] === undefined ? at.slice(2) : at
      const entry = lookup.findEntry(Number(line) - 1, Number(column) - 1)
      if (!("originalSource" in entry) || !entry.originalSource) return frame
      return `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
    })
  }
}
