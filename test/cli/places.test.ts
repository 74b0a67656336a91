import { expect, test } from "vitest"
import type { HouseEvent } from "../../sim/events"
import { untokenised } from "../../sim/espruino/tokens"
import { pretokenise } from "../../tools/build/pretokenise"
import { Places } from "../../tools/cli/places"

/** Column 0 of the bundle is line 1 column 1 of src/a.ts; column 10 is line 3 column 5. */
const map = JSON.stringify({ version: 3, sources: ["src/a.ts"], names: [], mappings: "AAAA,UAEI" })
const places = new Places({ bulb: { code: "0123456789f()", map } })
const log = (text: string, device = "bulb"): HouseEvent => ({ atUs: 0, device, kind: "log", level: "error", text })

test("places in the bundle become places in TypeScript", () => {
  const raw = "Uncaught TypeError: no program.js:1 at program.js:1:11 at f.M (program.js:1:1) at t (native)"
  expect(places.mapped(log(raw))).toEqual(log("Uncaught TypeError: no at src/a.ts:3:5 at src/a.ts:1:1 at t (native)"))
})

test("other words, other boards and other events stay as they are", () => {
  for (const event of [log("program.ts"), log("at program.js:1:11", "climate")])
    expect(places.mapped(event)).toBe(event)
})

test("a program that was flashed has its places, too: pretokenised, and evaluated by the loader", () => {
  // Column 13, where `throw` stands, is line 3 column 5 of src/a.ts.
  const bundle = { code: 'function f(){throw new Error("no")}f();', map: map.replace("UAEI", "aAEI") }
  const { code } = pretokenise(bundle)
  const text = untokenised(code)
  const row = text.slice(0, text.indexOf("throw")).split("\n").length
  const column = text.indexOf("throw") - text.lastIndexOf("\n", text.indexOf("throw"))
  const raw = `Uncaught Error: no at f (program.js?eval:${row}:${column})`
  const flashed = new Places({ bulb: bundle }, (device, file) => (file === "program.js?eval" ? code : undefined))
  expect(text).not.toBe(bundle.code)
  expect(flashed.mapped(log(raw))).toEqual(log("Uncaught Error: no at src/a.ts:3:5"))
  const other = new Places({ bulb: bundle }, () => code.replace("no", "so"))
  expect(other.mapped(log(raw))).toEqual(log(raw))
})
