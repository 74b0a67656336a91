import { parse } from "acorn"
import { expect, test } from "vitest"
import { likelyIn } from "../../tools/monitor/origin"

/** The text of the bundle from each place on. */
function likely(code: string, head: string): string[] | undefined {
  const found = likelyIn(parse(code, { ecmaVersion: 2020 }), head)
  return found?.offsets.map((offset) => code.slice(offset, offset + 12))
}

test.each([
  ["is a text", 'throw"too many"', "too many"],
  ["has values in it", 'throw"no limit of "+n+"!"', "no limit of 17!"],
  ["is a template", "throw`no limit of ${n}!`", "no limit of 17!"],
  ["has signs of patterns in it", 'throw"a (b) [c]*"', "a (b) [c]*"],
])("a thrown value that %s is found by its text", (_, statement, said) => {
  expect(likely(`function f(n){${statement}}throw"other"`, `Uncaught ${said}`)).toEqual([statement.slice(0, 12)])
})

test("all that throw the text are told", () => {
  expect(likely('if(a)throw"too many";throw"too many"', "Uncaught too many")).toHaveLength(2)
})

test("what is caught does not count, what a handler throws again and functions made in there do", () => {
  const caught = 'try{throw"too many"}catch(e){}'
  expect(likely(caught, "Uncaught too many")).toEqual([])
  expect(likely('try{a()}catch(e){throw"too many"}', "Uncaught too many")).toHaveLength(1)
  expect(likely('try{throw"too many"}finally{a()}', "Uncaught too many")).toHaveLength(1)
  expect(likely('try{b=()=>{throw"too many"}}catch(e){}', "Uncaught too many")).toHaveLength(1)
})

test("a text that is too short, or not constant at all, fits too much", () => {
  expect(likely('throw"no"+n;throw n', "Uncaught nobody knows")).toEqual([])
})

test("JSON.parse is found for the errors of its texts", () => {
  const code = "function f(t){return JSON.parse(t)}function g(t){try{return JSON.parse(t)}catch(e){}}"
  expect(likely(code, "Uncaught SyntaxError: Got ID:bad expected STRING")).toEqual(["JSON.parse(t"])
})

test("errors with a trace, and what is no error, are left to it", () => {
  expect(likely('throw"too many"', "Uncaught Error: too many")).toBeUndefined()
  expect(likely('throw"too many"', "too many")).toBeUndefined()
  expect(likely('throw"too many"', "OUT OF MEMORY")).toBeUndefined()
})
