import { readFileSync } from "node:fs"

/** What docs/drivers.md promises of a driver. */
export interface DriverRow {
  bytes: number
  bar: number
  blocks: number
  rest: number
}

/** Rows of the table `| Driver | bytes | bar | blocks a sample | blocks at rest |`, by driver. */
export function driverTable(): Map<string, DriverRow> {
  const text = readFileSync("docs/drivers.md", "utf8")
  const table = /^\| Driver +\| bytes .*\n.*\n((?:\|.*\n)+)/m.exec(text)?.[1] ?? ""
  const rows = table.matchAll(/^\| *`(.+?)` *\| *(\d+) *\| *(\d+) *\| *(\d+) *\| *(\d+) *\|$/gm)
  return new Map(
    [...rows].map(([, name, ...figures]) => {
      const [bytes, bar, blocks, rest] = figures.map(Number) as [number, number, number, number]
      return [name!, { bytes, bar, blocks, rest }]
    }),
  )
}

/** Drivers that the page's first table tells how to import. */
export const importsTold = (): string[] =>
  [...readFileSync("docs/drivers.md", "utf8").matchAll(/^\| *.+? *\| *`motewire\/drivers\/([a-z0-9-]+)`.*\|$/gm)].map(
    ([, name]) => name!,
  )
