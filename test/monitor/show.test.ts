import pc from "picocolors"
import { expect, test } from "vitest"
import type { MonitorRecord } from "../../tools/monitor/record"
import { asJson, shownLines } from "../../tools/monitor/show"

const PLAIN = pc.createColors(false)
const timeMs = new Date(2026, 2, 1, 9, 5, 7, 42).getTime()
const PLACE = {
  file: "src/apps/climate.ts",
  line: 12,
  column: 9,
  function: "publish",
  source: "    mqtt.publish(topic)",
}
const TRACE: MonitorRecord = {
  ...{ timeMs, kind: "trace", level: "error", text: "Uncaught Error: no" },
  frames: [
    { chip: { name: "e", line: 1, column: 4, excerpt: "b.c" }, place: PLACE },
    { chip: { line: 1, column: 2, excerpt: "x()" }, place: { ...PLACE, line: 30, function: undefined } },
    { chip: { name: "boot code", line: 1, column: 58 } },
  ],
  raw: ["Uncaught Error: no", "    at e (:1:4)", "b.c", "   ^"],
}

test("a line has the time of the day, and nothing in it acts on the terminal", () => {
  const line: MonitorRecord = { timeMs, kind: "line", level: "info", text: "21 \xc2\xb0C \x1b[2J" }
  expect(shownLines(line, PLAIN)).toEqual(["09:05:07.042  21 °C ␛[2J"])
})

test("a level is a colour", () => {
  const colors = pc.createColors(true)
  const shown = (level: MonitorRecord["level"]) => shownLines({ timeMs, kind: "line", level, text: "x" }, colors)[0]
  expect(shown("error")).toContain(colors.red("x"))
  expect(shown("warn")).toContain(colors.yellow("x"))
  expect(shown("debug")).toContain(colors.dim("x"))
})

test("a trace names places and what the board said for them, and shows the first line of source with a mark", () => {
  expect(shownLines(TRACE, PLAIN)).toEqual([
    "09:05:07.042  Uncaught Error: no",
    "              at publish (src/apps/climate.ts:12:9)  e (:1:4)",
    "                   12 |     mqtt.publish(topic)",
    "                      |         ^",
    "              at src/apps/climate.ts:30:9  :1:2",
    "              at boot code (:1:58), which is not in the program",
  ])
})

test("frames that repeat are told once, with their number", () => {
  const frames = Array.from({ length: 40 }, () => TRACE.frames[0]!)
  const raw = ["Uncaught Error: no", ...Array.from({ length: 40 }, () => ["    at e (:1:4)", "b.c", "   ^"]).flat()]
  expect(shownLines({ ...TRACE, frames, raw }, PLAIN).at(-1)).toMatch(/and 39 more of it$/)
  const unknown = frames.map(({ chip }) => ({ chip }))
  expect(shownLines({ ...TRACE, frames: unknown, raw }, PLAIN).slice(1)).toEqual([
    "                  at e (:1:4)",
    "              b.c",
    "                 ^",
    "                  and 39 more of it",
  ])
})

test("a trace without places is as the board said it", () => {
  const frames = TRACE.frames.map(({ chip }) => ({ chip }))
  expect(shownLines({ ...TRACE, frames }, PLAIN)).toEqual([
    "09:05:07.042  Uncaught Error: no",
    "                  at e (:1:4)",
    "              b.c",
    "                 ^",
  ])
})

test("a mark without a text above it is left out", () => {
  const raw = ["Uncaught Error: no", "    at REPL (:1:1)", "", "^", "    at b (:1:2)", "c()", " ^"]
  const frames = [{ chip: { name: "REPL", line: 1, column: 1 } }, { chip: { name: "b", line: 1, column: 2 } }]
  expect(shownLines({ ...TRACE, frames, raw }, PLAIN).slice(1)).toEqual([
    "                  at REPL (:1:1)",
    "                  at b (:1:2)",
    "              c()",
    "               ^",
  ])
})

test("where no frame has a place, a likely one is told as such, with its reason", () => {
  const thrown: MonitorRecord = {
    ...{ timeMs, kind: "trace", level: "error", text: "Uncaught too many", frames: [], raw: ["Uncaught too many"] },
    likely: { ...PLACE, why: "the only throw of this text" },
  }
  expect(shownLines(thrown, PLAIN)).toEqual([
    "09:05:07.042  Uncaught too many",
    "              likely at publish (src/apps/climate.ts:12:9), the only throw of this text in the program",
    "                   12 |     mqtt.publish(topic)",
    "                      |         ^",
  ])
  const parsed = JSON.parse(asJson(thrown)) as Record<string, unknown>
  expect(parsed.likely).toMatchObject({ line: 12, function: "publish", why: "the only throw of this text" })
})

test("JSON has one object a record, with places, and null for what is not known", () => {
  const parsed = JSON.parse(asJson(TRACE)) as Record<string, unknown>
  expect(parsed).toMatchObject({ timeMs, kind: "trace", level: "error", text: "Uncaught Error: no", raw: TRACE.raw })
  expect(parsed.time).toBe(new Date(timeMs).toISOString())
  expect(parsed.frames).toEqual([
    {
      ...{ file: "src/apps/climate.ts", line: 12, column: 9, function: "publish" },
      ...{ source: "mqtt.publish(topic)", chip: "e (:1:4)" },
    },
    expect.objectContaining({ line: 30, function: null }),
    { file: null, line: null, column: null, function: null, source: null, chip: "boot code (:1:58)" },
  ])
  expect(asJson({ timeMs, kind: "event", level: "info", event: "connected", text: "x" })).toContain(
    '"event":"connected"',
  )
})
