import { beforeAll, describe, expect, it } from "vitest"
import type { Bundle } from "../../tools/build/program"
import { SNIPPETS } from "./dialect"
import { INTERPRETER, printedByInterpreter, WHY_SKIPPED } from "./interpreter"
import { buildSnippet, printedByV8 } from "./snippet"

if (!INTERPRETER) console.log(`dialect: not checked on the interpreter: ${WHY_SKIPPED}`)

const built = new Map<string, Promise<Bundle>>()

/** Built once for both engines. */
async function codeOf(body: string): Promise<string> {
  if (!built.has(body)) built.set(body, buildSnippet(body))
  return (await built.get(body)!).code
}

describe("lowered TypeScript means on V8 what was written", () => {
  for (const [name, body, printed] of SNIPPETS) {
    it(name, async () => {
      const code = await codeOf(body)
      expect(printedByV8(code), code).toEqual(printed.split(" | "))
    })
  }
})

describe.skipIf(!INTERPRETER)(`lowered TypeScript means the same on ${INTERPRETER ?? WHY_SKIPPED}`, () => {
  const bundles: string[] = []
  let printed: string[][]

  // One process for all: each start of the interpreter takes 120 ms. What a broken one swallows is run again alone.
  beforeAll(async () => {
    for (const [, body] of SNIPPETS) bundles.push(await codeOf(body))
    const guarded = bundles.map((code) => `try{${code}}catch(e){print("threw "+e)}print("<next>");`)
    printed = (await printedByInterpreter(guarded.join("\n")))
      .join("\n")
      .split(/\n?<next>\n?/)
      .map((one) => one.split("\n"))
  })

  SNIPPETS.forEach(([name, , expected], index) => {
    it(name, async () => {
      const whole = printed.length === SNIPPETS.length + 1
      const lines = whole ? printed[index] : await printedByInterpreter(bundles[index])
      expect(lines, bundles[index]).toEqual(expected.split(" | "))
    })
  })
})
