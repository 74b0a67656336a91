import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import * as constants from "../../src/mqtt/constants"
import { explain } from "../../src/mqtt/explain"
import { reasonText } from "../../src/mqtt/reason"

const named = Object.entries(constants).filter(([name]) => /^(E|DOWN)_/.test(name)) as [string, number][]
/** Table 2-6 of MQTT 5.0: all its codes of 0x80 and up. */
const REASONS = Array.from({ length: 0xa2 - 0x80 + 1 }, (_, at) => 0x80 + at)
const CONNACK_CODES = [1, 2, 3, 4, 5]
const UNKNOWN = explain(99)

describe("the table of codes", () => {
  it("knows every code that the client has a name for", () => {
    expect(named.length).toBeGreaterThan(15)
    expect(named.filter(([, code]) => explain(code) === UNKNOWN)).toEqual([])
  })

  it("has no code below zero that nothing in the client gives", () => {
    const sources = readdirSync("src/mqtt", { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !/^(constants|contract)\.ts$/.test(file))
      .map((file) => readFileSync(`src/mqtt/${file}`, "utf8").replace(/^ *(\/\/|\*|\/\*|import).*$/gm, ""))
      .join()
    const errors = named.map(([name]) => name).filter((name) => name.startsWith("E_"))
    expect(errors.filter((name) => !new RegExp(`\\b${name}\\b`).test(sources))).toEqual([])
  })

  it("knows every return code of 3.1.1 and every reason code of 5.0, and nothing between", () => {
    expect([...CONNACK_CODES, ...REASONS].filter((code) => explain(code) === UNKNOWN)).toEqual([])
    expect([0, 13, 127, 163, -99].map(explain)).toEqual(Array(5).fill(UNKNOWN))
  })

  it("has two sentences for each: what it means, and what to do", () => {
    const codes = [...named.map(([, code]) => code), ...CONNACK_CODES, ...REASONS]
    expect(codes.filter((code) => !/^[A-Z][^]*\. [A-Z][^]*\.$/.test(explain(code)))).toEqual([])
  })

  it("stands in docs/codes.md as it is", () => {
    const docs = readFileSync("docs/codes.md", "utf8")
    const codes = [...new Set([...named.map(([, code]) => code), ...CONNACK_CODES, ...REASONS])]
    const name = (code: number) => named.find(([, value]) => value === code)?.[0] ?? ""
    const row = (code: number) => `${code}|${name(code)}|${explain(code)}`
    // The table is laid out by prettier: cells are compared without their padding.
    const rows = docs
      .split("\n")
      .filter((line) => /^\| *-?\d/.test(line))
      .map((line) =>
        line
          .replace(/^\| *| *\|$/g, "")
          .replace(/ *\| */g, "|")
          .replaceAll("`", ""),
      )
    expect(rows.toSorted()).toEqual(codes.map(row).toSorted())
  })
})

describe("the phrases of the log", () => {
  it("has one for each code of onDown below 13, and a number for the others", () => {
    const downs = named.filter(([name]) => name.startsWith("DOWN_")).map(([, code]) => code)
    expect([...CONNACK_CODES, ...downs].filter((code) => /^reason|^$/.test(reasonText(code)))).toEqual([])
    expect(reasonText(0x8e)).toBe("reason 142")
  })
})
