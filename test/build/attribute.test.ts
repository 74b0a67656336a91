import { describe, expect, it } from "vitest"
import { bytesPerModule } from "../../tools/build/attribute"
import { buildProgram } from "../../tools/build/program"
import { HOUSE, LAMP } from "./house"

describe("bytesPerModule", () => {
  it("gives each character to the mapping it follows, the rest to the wrapper", () => {
    // Columns 2 to 4 come from a.ts, 5 to 9 from b.ts; each segment is [column, source, line, column] as differences.
    const map = JSON.stringify({ version: 3, sources: ["a.ts", "b.ts"], names: [], mappings: "EAAA,GCAA" })
    expect(bytesPerModule({ code: "0123456789", map })).toEqual([
      { file: "b.ts", bytes: 5 },
      { file: "a.ts", bytes: 3 },
      { file: "(wrapper)", bytes: 2 },
    ])
  })

  it("counts line breaks as bytes of the line they end", () => {
    const map = JSON.stringify({ version: 3, sources: ["a.ts"], names: [], mappings: "AAAA" })
    expect(bytesPerModule({ code: "a\nb", map })).toEqual([{ file: "a.ts", bytes: 3 }])
  })

  it("adds up to the whole bundle", async () => {
    const { modules, bytes } = await buildProgram(LAMP, { root: HOUSE })
    expect(modules.reduce((sum, module) => sum + module.bytes, 0)).toBe(bytes)
    expect(modules.map(({ file }) => file)).toEqual(
      expect.arrayContaining(["apps/lamp.ts", "src/drivers/lamp.ts", "src/program.ts", "(wrapper)"]),
    )
  })
})
