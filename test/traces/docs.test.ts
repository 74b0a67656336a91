import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { eventOf, readTrace } from "../../sim/trace/file"
import { parseLine } from "../../sim/trace/parse"
import { traceLine } from "../../sim/trace/trace"
import { ROOT } from "../../tools/root"

const page = readFileSync(`${ROOT}docs/traces.md`, "utf8")

test("the page's example is a whole trace, sum included", () => {
  const [, text] = /```trace\n([^]*?)```/.exec(page)!
  const trace = readTrace(text!)
  expect(trace.isAsRecorded).toBe(true)
  expect(trace.header.devices[0]).toMatchObject({ name: "climate", settings: { pass: "********" } })
  for (const event of trace.events) expect(traceLine(eventOf(event))).toBe(event.text)
})

test("every line of the table reads back, and every kind of event is there", () => {
  const rows = page
    .slice(page.indexOf("| Line | Meaning |"))
    .split("\n")
    .slice(2)
    .filter((row) => row.startsWith("|"))
  const lines = rows.flatMap((row) =>
    [...row.split("|")[1]!.matchAll(/`([^`]+)`/g)].map(([, line]) => `1us climate ${line}`),
  )
  expect(lines.length).toBeGreaterThan(20)
  for (const line of lines) expect(traceLine(parseLine(line))).toBe(line)
  const told = new Set(lines.map((line) => parseLine(line).kind))
  const kinds = readFileSync(`${ROOT}sim/events.ts`, "utf8").matchAll(/\{?\s*kind: "(\w+)"/g)
  for (const [, kind] of kinds) expect(told).toContain(kind)
})
