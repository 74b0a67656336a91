import { fitLine, plain, type Line, type Span, type Style } from "./style"
import { clip, width } from "../../text/terminal"

/** A box with a title on its upper edge: exactly `columns` wide, `rows` high when given. */
export function box(title: Span, right: string, body: Line[], columns: number, style: Style, rows?: number): Line[] {
  const inner = columns - 4
  const filled = [...body]
  while (rows !== undefined && filled.length < rows - 2) filled.push([])
  const edge: Span["paint"] = style.colors.dim
  const side = (text: string): Span => ({ text, paint: edge })
  const lines = filled.map((line) => [side("│ "), ...fitLine(line, inner), side(" │")])
  return [topEdge(title, right, columns, side), ...lines, [side(`╰${"─".repeat(columns - 2)}╯`)]]
}

function topEdge(title: Span, right: string, columns: number, side: (text: string) => Span): Line {
  const name = clip(title.text, columns - 6)
  const rest = columns - width(name) - 5
  const note = clip(right, Math.max(0, rest - 4))
  const end = note === "" ? "" : ` ${note} ─`
  return [side("╭─ "), { ...title, text: name }, side(` ${"─".repeat(rest - width(end))}${end}╮`)]
}

/** Boxes of one height side by side, `gap` columns apart. */
export function beside(blocks: Line[][], gap: number, columns: number): Line[] {
  const apart = plain(" ".repeat(gap))
  const rows = blocks[0].map((_, row) => blocks.flatMap((block, i) => (i === 0 ? block[row] : [apart, ...block[row]])))
  return rows.map((line) => fitLine(line, columns))
}

/** A heading with a rule to the right edge. */
export function rule(title: string, columns: number, style: Style): Line {
  const text = clip(title, columns - 4)
  return [
    { text: `${text} `, paint: style.colors.bold },
    { text: "─".repeat(Math.max(0, columns - width(text) - 1)), paint: style.colors.dim },
  ]
}

/** "━━━━━╌╌╌╌": `share` of 0 to 1. */
export function bar(share: number, columns: number, paint: Span["paint"], style: Style): Line {
  const full = Math.round(Math.min(1, Math.max(0, share)) * columns)
  return [
    { text: "━".repeat(full), paint },
    { text: "╌".repeat(columns - full), paint: style.colors.dim },
  ]
}
