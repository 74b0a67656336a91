/** A place as the firmware says it. Line and column from 1. */
export interface ChipFrame {
  /** What was called, by the name it was called by: shortened in a bundle. */
  name?: string
  /** The file of Storage; undefined where the firmware counts in the function's body. */
  file?: string
  line: number
  column: number
  /** The text around it. */
  excerpt?: string
  /** The column of the mark below the excerpt. */
  caret?: number
  /** Lines are counted as they are (until 2v26). */
  countsAll?: boolean
}

/** `    at NAME (FILE:LINE:COLUMN)`, of which name and file may be missing (jslPrintStackTrace, Espruino 2v27 and later). */
const FRAME = /^ {4}at (?:(.*) \()?([^\s():]*):(\d+):(\d+)\)?$/
/** Until 2v26; a function is named in the line of who called it. */
const OLD_FRAME = /^(?: at |in function (?:"(.*)" )?called from )(?:line (\d+) col (\d+)(?: in (\S+))?|system)$/
export const CARET = /^\s*\^$/

/** What was typed at the prompt is in no program, though its text may be (jsiHandleNewLine, Espruino 2v29). */
export const isTyped = ({ name, file }: ChipFrame): boolean => name === "REPL" && file === undefined

interface FrameLine {
  /** Undefined behind the last frame: "called from system". */
  frame?: ChipFrame
  /** The name of the frame before this one. */
  calleeName?: string
}

export function frameOf(line: string): FrameLine | undefined {
  const [, name, file, row, column] = FRAME.exec(line) ?? []
  if (row !== undefined) return { frame: placed(row, column!, file, name) }
  const old = OLD_FRAME.exec(line)
  if (!old) return undefined
  const [, calleeName, oldRow, oldColumn, oldFile] = old
  if (oldRow === undefined) return { calleeName }
  return { frame: { ...placed(oldRow, oldColumn!, oldFile), countsAll: true }, calleeName }
}

function placed(row: string, column: string, file?: string, name?: string): ChipFrame {
  return { ...(name && { name }), ...(file && { file }), line: Number(row), column: Number(column) }
}
