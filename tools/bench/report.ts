import pc from "picocolors"

/** One line of the report; without a bar it is told, not judged. */
export interface Row {
  what: string
  figure: string
  bar?: string
  passes?: boolean
}

export const atMost = (what: string, figure: number, bar: number, unit: string): Row => ({
  what,
  figure: `${figure} ${unit}`,
  bar: `${bar} ${unit}`,
  passes: figure <= bar,
})

export const atLeast = (what: string, figure: number, bar: number): Row => ({
  what,
  figure: `${figure}`,
  bar: `${bar}`,
  passes: figure >= bar,
})

let missed = 0

export function print(title: string, rows: Row[]): void {
  const wide = (key: "what" | "figure" | "bar") => Math.max(...rows.map((row) => (row[key] ?? "").length))
  const [what, figure, bar] = [wide("what"), wide("figure"), wide("bar")]
  const lines = rows.map((row) =>
    `  ${row.what.padEnd(what)}  ${row.figure.padStart(figure)}  ${(row.bar ?? "").padStart(bar)}  ${verdict(row)}`.trimEnd(),
  )
  process.stdout.write(`\n${pc.bold(title)}\n${lines.join("\n")}\n`)
}

function verdict({ passes }: Row): string {
  if (passes === undefined) return ""
  if (!passes) missed++
  return passes ? pc.green("pass") : pc.red("miss")
}

export function note(text: string): void {
  process.stdout.write(`  ${text}\n`)
}

export function close(): void {
  process.stdout.write(`\n${missed ? pc.red(`${missed} missed`) : pc.green("no bar missed")}\n`)
}
