import { tokenizer } from "acorn"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { tokeniserFor } from "../../tools/build/espruino-tools"
import { pretokenise } from "../../tools/build/pretokenise"

const EMPTY_MAP = JSON.stringify({ version: 3, sources: [], names: [], mappings: "" })
const tokensOf = (code: string, firmware?: string) => pretokenise({ code, map: EMPTY_MAP }, firmware).code

describe("pretokenise", () => {
  // Bytes from Espruino's src/jslex.h: operators and words from 138, 0xd1 to 0xd5 with a value behind them.
  it.each([
    ["words and operators", "if(a===b)return c", "\xa3(a\x8bb)\xabc"],
    ["a string, its escapes as bytes", 'f("\\0\\xc2\\xb0")', "f(\xd1\x03\0\xc2\xb0)"],
    ["an empty string", 'f("")', 'f("")'],
    ["digits as they are, larger integers as bytes", "f(0,7,42,300)", "f(0,7,\xd4\x2a,\xd5\x2c\x01)"],
    ["a negative number in one", "f(-42)", "f(\xd4\xd6)"],
    ["what is no integer of 16 bits", "f(.5,70000,1e21)", "f(.5,70000,1e21)"],
    ["true, false and undefined by name", "f(!0,!1,void 0)", "f(\xb4,\xb5,\xb7)"],
    ["no semicolon before a word that begins", "a();return b", "a()\xabb"],
    ["a semicolon between names", "a=b;c=d", "a=b;c=d"],
    ["a semicolon where a statement could go on", "a();[b].c();(d)", "a();[b].c();(d)"],
    ["a template without values is a string", "f(`ab`)", "f(\xd1\x02ab)"],
    ["a template with values stays text", "f(`a ${b  in c} d`)", "f(`a ${b  in c} d`)"],
  ])("writes %s", (_what, code, tokens) => {
    const isReturn = code.includes("return")
    const inside = (text: string, word: string) => (isReturn ? `${word}x(){${text}}` : text)
    expect(tokensOf(inside(code, "function "))).toBe(inside(tokens, "\xaa"))
  })

  it("keeps the space that EspruinoTools loses", () => {
    expect(tokeniserFor("2v29").tokenise("a+ +b")).toBe("a++b")
    expect(tokensOf("a+ +b")).toBe("a+ +b")
    expect(tokensOf("a- -42")).toBe("a- -\xd4\x2a")
    expect(tokensOf("a/ /b/.c")).toBe("a/ /b/.c")
  })

  it("writes for a firmware what that firmware reads", () => {
    expect(tokensOf('f("ab",300)', "2v25")).toBe("f(\xd1\x02ab,300)")
    expect(tokensOf('f("ab",300)', "2v20")).toBe('f("ab",300)')
    expect(tokensOf('f("ab",300)', "2v29.277")).toBe("f(\xd1\x02ab,\xd5\x2c\x01)")
    expect(() => tokensOf("f()", "latest")).toThrow(/"latest" is no version of Espruino: .* such as 2v29/)
  })

  it("leaves no trace of EspruinoTools in this process", () => {
    const before = Object.getOwnPropertyNames(globalThis)
    tokensOf("f(`a`)")
    expect(Object.getOwnPropertyNames(globalThis)).toEqual(before)
  })

  it("reads back as what it was, strings of any bytes and integers of any size included", () => {
    const bytes = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) })
    const literal = fc.oneof(
      bytes.map((text) => JSON.stringify(text)),
      fc.integer().map(String),
      fc.integer({ min: -300, max: 300 }).map((value) => `a-${value < 0 ? ` ${value}` : value}`),
    )
    // `align` compares the result with the program token by token, and throws at the first difference.
    fc.assert(fc.property(fc.array(literal), (values) => void tokensOf(`f(${values.join()})`)))
  })
})

describe("the map of a pretokenised program", () => {
  it("leads each byte back to the TypeScript, with lines that end where a byte is 10", async () => {
    const { SourceMap } = await import("node:module")
    const { buildProgram } = await import("../../tools/build/program")
    const bundle = await buildProgram("src/apps/climate.ts")
    const { code, map } = pretokenise(bundle)
    const [toTypeScript, fromBundle] = [new SourceMap(JSON.parse(map)), new SourceMap(JSON.parse(bundle.map))]
    const names = [...tokenizer(bundle.code, { ecmaVersion: 2020 })].map((token) =>
      bundle.code.slice(token.start, token.end),
    )
    expect(code.split("\n").length).toBeGreaterThan(1)
    expect(names.filter((name) => name === "getErrorFlags")).toHaveLength(1)
    for (const name of ["getErrorFlags", "enableWatchdog", "removeAllListeners", "getHostByName", "kickWatchdog"]) {
      const before = code.slice(0, code.indexOf(name))
      const line = before.split("\n").length - 1
      const column = before.length - (before.lastIndexOf("\n") + 1)
      const { fileName, lineNumber } = toTypeScript.findOrigin(line + 1, column + 1) as {
        fileName: string
        lineNumber: number
      }
      const there = fromBundle.findOrigin(1, bundle.code.indexOf(name) + 1) as { fileName: string; lineNumber: number }
      expect([fileName, lineNumber]).toEqual([there.fileName, there.lineNumber])
    }
  })
})
