import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { clientBytes } from "../../tools/bench/sizes"
import { buildProgram } from "../../tools/build/program"

/** The table may promise so much more than there is, so that it stays true without being touched by every change. */
const SLACK_BYTES = 100

const bundleBytes = (name: string) => async () => (await buildProgram(`src/apps/${name}.ts`)).bytes

/** Each program of the table, its bar (issue: 9 kB, and 4 kB for the client) and how it is measured. */
const MEASURED = [
  ["climate", 9000, bundleBytes("climate")],
  ["bulb", 9000, bundleBytes("bulb")],
  ["mqtt client, QoS 0 and 1", 4000, clientBytes],
] as const

/** Rows of the table `| program | bytes |` in DESIGN.md. */
function promised(): Map<string, number> {
  const table = /^\| program \| bytes \|\n.*\n((?:\|.*\n)+)/m.exec(readFileSync("DESIGN.md", "utf8"))?.[1] ?? ""
  const rows = table.matchAll(/^\| *(.+?) *\| *([\d,]+)/gm)
  return new Map(
    [...rows].map(([, program, bytes]) => [program!.replaceAll("`", ""), Number(bytes!.replaceAll(",", ""))]),
  )
}

describe("bundle sizes against the table in DESIGN.md", () => {
  const table = promised()

  it("lists what is measured here and nothing else", () => {
    expect([...table.keys()].toSorted()).toEqual(MEASURED.map(([name]) => name).toSorted())
  })

  it.each(MEASURED)(
    "%s is within its bar of %i bytes, at most what the table says, and not much below",
    async (name, bar, measure) => {
      const bytes = await measure()
      expect(bytes).toBeLessThanOrEqual(bar)
      expect(bytes, "larger than promised: shrink it, or write the new figure and the reason").toBeLessThanOrEqual(
        table.get(name)!,
      )
      expect(bytes, "smaller than the table says: let the table have it").toBeGreaterThan(
        table.get(name)! - SLACK_BYTES,
      )
    },
  )
})
