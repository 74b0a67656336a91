import { describe, expect, it } from "vitest"
import { buildProgram } from "../../tools/build/program"
import { printedByInterpreter, WHY_SKIPPED } from "../build/interpreter"
import { runDriver } from "./drivers"
import { INTERPRETERS, WHY_NO_INTERPRETER } from "./interpreter"
import { scenes } from "./programs/lamps"

const [interpreter] = INTERPRETERS.toSorted((a, b) => Number(b.isChipLike) - Number(a.isChipLike))

const LONG = { timeout: 120_000 }

describe.skipIf(WHY_NO_INTERPRETER)(
  `lamps ${WHY_NO_INTERPRETER ? `(skipped: ${WHY_NO_INTERPRETER}; ${WHY_SKIPPED})` : `on ${interpreter!.name}`}`,
  () => {
    it("put out on the interpreter what they put out on V8", { timeout: 20_000 }, async () => {
      const lines: string[] = []
      scenes((line) => lines.push(line))
      const { code } = await buildProgram("test/vm/programs/lamps.ts")
      const printed = await printedByInterpreter(`${code}\nscenes(print);setTimeout(quit,1);`)
      expect(lines.length).toBeGreaterThan(100)
      expect(printed.filter((line) => line.trim())).toEqual(lines)
    })

    // After ten samples some values take no block of their own yet: what counts is that more samples add nothing.
    it.each(["lamp-crossfade", "lamp-effects"])("%s: holds the same after ten times as much", LONG, async (program) => {
      const [few, many] = [await growthOver(program, 44), await growthOver(program, 684)]
      expect(many).toBe(few)
    })
  },
)

/** 20 more are counted by the harness: together multiples of 64, after which the settings come again. */
async function growthOver(program: string, samples: number): Promise<number> {
  return (await runDriver(interpreter!, { program, fakes: [] }, samples)).growth
}
