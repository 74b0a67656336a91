import { tokenizer } from "acorn"
import { expect, test } from "vitest"
import { spotOf } from "../../sim/console/excerpt"
import { untokenised } from "../../sim/espruino/tokens"
import { pretokenise } from "../../tools/build/pretokenise"
import { buildProgram } from "../../tools/build/program"
import { placesOf } from "../../tools/monitor/places"

/** Of 5,396 tokens. With 1 in its place, which takes 5 s, none is wrong; of bulb one of 5,405 is unknown. */
const EVERY = 31

/**
 * Each token told as a simulated board would tell an error there, which read the firmware by itself; and where the token is, by the
 * place in the file of a firmware that knows it.
 */
test("wherever climate fails, the place is found, or none, but never another", async () => {
  const bundle = await buildProgram("src/apps/climate.ts")
  const code = pretokenise(bundle, "2v29").code
  const plain = await placesOf({ bundle, code: bundle.code, file: "mw.1", firmware: "2v29" })
  const pretokenised = await placesOf({ bundle, code, file: "mw.1", firmware: "2v29" })
  const told = { right: 0, wrong: 0, unknown: 0, inTokens: 0 }
  tokensOf(bundle.code).forEach(({ row, column, start }) => {
    // Behind the letters of counting.ts the line is told as the one before.
    const at = { file: "mw.1", column: start + 1 }
    const truth = plain.of({ ...at, line: 1 }) ?? plain.of({ ...at, line: 0 })
    const place = plain.of(spotOf(bundle.code, row, column))
    told[
      place === undefined ? "unknown" : place.file === truth!.file && place.line === truth!.line ? "right" : "wrong"
    ]++
  })
  for (const { row, column } of tokensOf(untokenised(code)))
    if (pretokenised.of(spotOf(code, row, column))) told.inTokens++
  const count = tokensOf(bundle.code).length
  expect(told.wrong).toBe(0)
  expect(told.unknown).toBeLessThan(count / 100)
  expect(told.inTokens).toBeGreaterThan(count * 0.95)
})

/** Some of them, with row and column from 1. */
function tokensOf(text: string): { row: number; column: number; start: number }[] {
  const tokens = [...tokenizer(text, { ecmaVersion: 2020 })].filter((_, nth) => nth % EVERY === 0)
  return tokens.map(({ start }) => {
    const before = text.slice(0, start)
    return { row: before.split("\n").length, column: start - before.lastIndexOf("\n"), start }
  })
}
