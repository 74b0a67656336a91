import { describe, expect, test } from "vitest"
import { logsOf, valueOf } from "../fixture"

describe("what Espruino lacks is absent", () => {
  test.each([
    ..."Map Set WeakMap WeakSet WeakRef Symbol Proxy Reflect BigInt Intl RangeError EvalError URIError".split(" "),
    ..."TextEncoder queueMicrotask structuredClone setImmediate escape WebAssembly SharedArrayBuffer Atomics".split(
      " ",
    ),
    ..."performance process.nextTick Buffer fetch URL AbortController AggregateError FinalizationRegistry".split(" "),
    ..."Object.freeze Object.is Object.seal Object.hasOwn Array.from Array.of Math.trunc Math.imul Math.hypot".split(
      " ",
    ),
    ..."[].flat [].flatMap [].at [].lastIndexOf [].reduceRight [].entries [].keys [].findLast [].values".split(" "),
    ..."Number.isInteger Number.isNaN Number.EPSILON Number.parseFloat String.raw String.fromCodePoint".split(" "),
    ..."''.at ''.codePointAt ''.localeCompare ''.normalize ''.trimStart ''.matchAll ''.search Date.UTC".split(" "),
    ..."Promise.race Promise.any Promise.allSettled Promise.resolve().finally new(Date)().setUTCHours".split(" "),
  ])("%s", async (name) => expect(await valueOf(`typeof ${name}`)).toBe("undefined"))
})

describe("what Espruino has is there", () => {
  test.each([
    ..."Object.assign Object.entries Object.fromEntries Array.isArray [].includes [].splice [].find [].fill".split(" "),
    ..."''.padStart ''.replaceAll ''.startsWith ''.substr Math.sign Math.clip Math.wrap Math.randInt JSON.parse".split(
      " ",
    ),
    ..."Promise.all Promise.reject Promise.resolve().then atob btoa parseInt encodeURIComponent setTimeout".split(" "),
    ..."Uint24Array DataView ReferenceError InternalError ({}).on ({}).emit ({}).clone RegExp Date.now".split(" "),
  ])("%s", async (name) => expect(await valueOf(`typeof ${name}`)).toBe("function"))

  test("for-of, spread targets and typed arrays work", async () => {
    expect(
      await valueOf(
        "(function(){ var s = ''; for (const c of 'ab') s += c; for (const n of [1, 2]) s += n; return s })()",
      ),
    ).toBe("ab12")
  })
})

test("nothing of the host can be reached through a function of the chip", async () => {
  expect(await valueOf("print.constructor('return typeof process.nextTick')()")).toBe("undefined")
  expect(
    await valueOf("[require('Wifi'), process.memory(), console].every(function (o) { return o instanceof Object })"),
  ).toBe("true")
})

test("boards do not share a realm, and a reboot starts with a fresh one", async () => {
  const program =
    "print(typeof leftover); leftover = 1; Object.prototype.leak = 1; setTimeout(function () { E.reboot() }, 10)"
  expect((await logsOf(program, "1500ms")).slice(0, 3)).toEqual(["undefined", "undefined", "undefined"])
})

describe("time", () => {
  test("Date is house time since power-on, in UTC, whatever the host's clock and zone", async () => {
    expect(await valueOf("Date.now() + ' ' + new Date().toString()")).toBe("350 1970-01-01T00:00:00.350Z")
    expect(await valueOf("new Date(2026, 10, 23, 6, 30).getTime() + ' ' + new Date(0).getHours()")).toBe(
      "1795415400000 0",
    )
  })

  test("Date() without new gives an object, and setTime moves both clocks and no timer", async () => {
    expect(await valueOf("typeof Date()")).toBe("object")
    const program =
      "setTimeout(function () { print(Math.floor(getTime()), Math.floor(Date.now() / 1000)) }, 1000); setTime(5000)"
    expect(await logsOf(program)).toEqual(["5001 5001"])
  })
})

describe("errors", () => {
  test("are of the program's own realm and carry their type as text", async () => {
    const program = `try { setTimeout(1, 2) } catch (e) { print(e instanceof Error, e.type, e.message) }
      try { throw new TypeError("x") } catch (e) { print(e.type) }`
    expect(await logsOf(program)).toEqual(["true Error Function or String not supplied!", "TypeError"])
  })

  test("a program that cannot be parsed is reported, and the house goes on", async () => {
    expect(await logsOf("var = 1")).toEqual([expect.stringMatching(/^Uncaught SyntaxError/)])
  })
})
