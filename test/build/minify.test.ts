import { describe, expect, it } from "vitest"
import { buildSnippet, printedByV8 } from "./snippet"

const HELPER = "const helper = (x: any) => { const n = x + x.length; print(n); return n + n }"

/** Function expressions that are called where they stand: each is a closure made anew every time. */
const madeAndCalled = (code: string): number => code.match(/(function\([^)]*\)|=>)\{[^{}]*\}\)?\(/g)?.length ?? 0

describe("a helper that is used once, in another function", () => {
  it("keeps its name where a callback calls it", async () => {
    const { code } = await buildSnippet(`${HELPER}; "ab".split("").forEach((x: any) => { print(helper(x)) })`)
    expect(madeAndCalled(code), code).toBe(0)
    expect(printedByV8(code)).toEqual(["a1", "a1a1", "b1", "b1b1"])
  })

  it("keeps its name where a method, a loop or a returned function calls it", async () => {
    const method = await buildSnippet(`${HELPER}; class A { f(x: any) { return helper(x) } } print(new A().f('a'))`)
    const loop = await buildSnippet(`${HELPER}; for (const x of [print, 'b']) helper(x)`)
    const make = "const make = (k: any) => (x: any) => helper(x + k)"
    const returned = await buildSnippet(`${HELPER}; ${make}; ["a", "b"].map(make).forEach((f) => f("c"))`)
    const told = [method, loop, returned].map(({ code }) => code)
    expect(told.map(madeAndCalled), told.join("\n")).toEqual([0, 0, 0])
  })
})
