import { expect, it } from "vitest"
import { describeProgram } from "../../tools/build/describe"
import { forecastOf } from "../../tools/build/forecast"
import { buildProgram } from "../../tools/build/program"

/**
 * Blocks at rest on the chip-like interpreter (2v29, connected, pretokenised) of programs that the forecast was not fitted
 * to: measured by hand, since `npm run bench -- forecast` has only those it was.
 */
it.each([
  ["traffic", 1145],
  ["sliced", 1147],
  ["exactly-once-5", 1432],
  ["kept", 1253],
  ["echo", 1058],
  // A queue of 300: 585 blocks that are not in the text.
  ["numbered", 1627],
])("is within 10 %% of what %s takes, %i blocks", { timeout: 30_000 }, async (name, blocks) => {
  const file = `test/vm/programs/${name}.ts`
  const { maxQueued } = await describeProgram(file)
  const { rest } = forecastOf((await buildProgram(file)).code, maxQueued)
  expect(Math.abs(rest - blocks) / blocks).toBeLessThanOrEqual(0.1)
})
