import { expect, test } from "vitest"
import type { HouseEvent } from "../../sim/events"
import { Places } from "../../tools/cli/places"

/** Column 0 of the bundle is line 1 column 1 of src/a.ts; column 10 is line 3 column 5. */
const map = JSON.stringify({ version: 3, sources: ["src/a.ts"], names: [], mappings: "AAAA,UAEI" })
const places = new Places({ bulb: map })
const log = (text: string, device = "bulb"): HouseEvent => ({ atUs: 0, device, kind: "log", level: "error", text })

test("places in the bundle become places in TypeScript", () => {
  const raw = "Uncaught TypeError: no program.js:1 at program.js:1:11 at f.M (program.js:1:1) at t (native)"
  expect(places.mapped(log(raw))).toEqual(log("Uncaught TypeError: no at src/a.ts:3:5 at src/a.ts:1:1 at t (native)"))
})

test("other words, other boards and other events stay as they are", () => {
  for (const event of [log("program.ts"), log("at program.js:1:11", "climate")])
    expect(places.mapped(event)).toBe(event)
})
