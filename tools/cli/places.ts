import { SourceMap } from "node:module"
import type { HouseEvent } from "../../sim/events"
import { storedPlaces, untokenised } from "../../sim/espruino/tokens"
import { pretokenise } from "../build/pretokenise"

/** "at name (program.js:1:6870)" and "at program.js?eval:1:6870": a frame of a program's stack. */
const FRAME = /[^\s()]+ \((program\.js[^\s:()]*):(\d+):(\d+)\)|\b(program\.js[^\s:()]*):(\d+):(\d+)/g
/** Where V8 names the file alone, in front of the frames. */
const FILE_LINE = / program\.js[^\s:()]*:\d+(?= at )/g

/** The program that a file of V8's frames is, as it stands in the board's Storage; undefined where nobody knows. */
export type ProgramOf = (device: string, file: string) => string | undefined

interface Built {
  code: string
  map: string
}

type Lookup = (row: number, column: number) => ReturnType<SourceMap["findEntry"]>

/** Turns places in a board's bundle into those of its TypeScript, where a board logs an error's stack. */
export class Places {
  private readonly lookups = new Map<string, Lookup | undefined>()
  constructor(
    private readonly bundles: Record<string, Built | undefined>,
    private readonly programOf: ProgramOf = () => undefined,
  ) {}

  mapped(event: HouseEvent): HouseEvent {
    const bundle = this.bundles[event.device]
    if (event.kind !== "log" || !event.text.includes("program.js") || !bundle) return event
    return { ...event, text: this.inSource(event.device, bundle, event.text) }
  }

  private inSource(device: string, bundle: Built, text: string): string {
    return text.replace(FILE_LINE, "").replace(FRAME, (frame: string, ...at: (string | undefined)[]) => {
      const [file, row, column] = at[0] === undefined ? at.slice(3) : at
      const entry = this.lookup(device, bundle, file!)?.(Number(row), Number(column))
      if (!entry || !("originalSource" in entry) || !entry.originalSource) return frame
      return `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
    })
  }

  private lookup(device: string, bundle: Built, file: string): Lookup | undefined {
    const program = this.programOf(device, file) ?? bundle.code
    const key = `${device}\n${program}`
    if (!this.lookups.has(key)) this.lookups.set(key, lookupIn(program, bundle))
    return this.lookups.get(key)
  }
}

/** Undefined for a program of another build. */
function lookupIn(program: string, { code, map }: Built): Lookup | undefined {
  if (program === code) return plain(map)
  const text = untokenised(program)
  if (text === program) return undefined
  const tokens = pretokenise({ code, map })
  if (tokens.code !== program) return undefined
  const find = plain(tokens.map)
  const storedAt = storedPlaces(program)
  return (row, column) => {
    const stored = program.slice(0, storedAt(offsetOf(text, row, column)))
    return find(stored.split("\n").length, stored.length - stored.lastIndexOf("\n"))
  }
}

function plain(map: string): Lookup {
  const lookup = new SourceMap(JSON.parse(map))
  return (row, column) => lookup.findEntry(row - 1, column - 1)
}

function offsetOf(text: string, row: number, column: number): number {
  const before = text.split("\n").slice(0, row - 1)
  return before.reduce((sum, line) => sum + line.length + 1, column - 1)
}
