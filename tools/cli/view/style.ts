import picocolors from "picocolors"
import type { Colors } from "picocolors/types"
import { clip, width } from "../../text/terminal"

type Depth = "none" | "16" | "256" | "true"

/** What the terminal can show. NO_COLOR (no-color.org) wins over everything. */
export function colourDepth(env: Record<string, string | undefined>, isTerminal: boolean): Depth {
  if (env.NO_COLOR || env.TERM === "dumb" || !isTerminal) return "none"
  if (/^(truecolor|24bit)$/i.test(env.COLORTERM ?? "") || env.TERM?.endsWith("-direct")) return "true"
  return /256/.test(env.TERM ?? "") ? "256" : "16"
}

export interface Rgb {
  red: number
  green: number
  blue: number
}

/** A stretch of a line: plain text, and how it is painted. Kept apart so that widths are counted on what is seen. */
export interface Span {
  text: string
  paint?: (text: string) => string
}
export type Line = Span[]

export const plain = (text: string): Span => ({ text })
export const lineWidth = (line: Line): number => line.reduce((sum, span) => sum + width(span.text), 0)

/** Exactly `columns` wide: cut, or filled with spaces. */
export function fitLine(line: Line, columns: number): Line {
  const fitted: Line = []
  let left = columns
  for (const span of line) {
    const text = clip(span.text, left)
    fitted.push({ ...span, text })
    left -= width(text)
    if (text !== span.text) break
  }
  return left > 0 ? [...fitted, plain(" ".repeat(left))] : fitted
}

export const paintLine = (line: Line): string => line.map(({ text, paint }) => (paint ? paint(text) : text)).join("")

export class Style {
  readonly colors: Colors
  constructor(readonly depth: Depth) {
    this.colors = picocolors.createColors(depth !== "none")
  }

  /** `text` on a ground of this colour, as near as the terminal can. */
  ground(colour: Rgb): ((text: string) => string) | undefined {
    const { red, green, blue } = colour
    if (this.depth === "true") return (text) => `\x1b[48;2;${red};${green};${blue}m${text}\x1b[49m`
    if (this.depth === "256") return (text) => `\x1b[48;5;${cube(colour)}m${text}\x1b[49m`
    return undefined
  }
}

/** The 6x6x6 cube of xterm's 256 colours: levels 0, 95, 135, 175, 215, 255. */
function cube({ red, green, blue }: Rgb): number {
  const step = (value: number) => (value < 48 ? 0 : value < 115 ? 1 : Math.floor((value - 35) / 40))
  return 16 + 36 * step(red) + 6 * step(green) + step(blue)
}
