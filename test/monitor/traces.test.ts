import { expect, test } from "vitest"
import { Traces, type Said } from "../../tools/monitor/traces"

/** Text as espruino-chip (2v29.277) printed it, unless a test says otherwise. */
function saidOf(text: string): Said[] {
  const traces = new Traces()
  const lines = text.split("\n").slice(1, -1)
  return [...lines.flatMap((line) => traces.take(line)), ...traces.flush()]
}

const short = (said: Said) =>
  said.kind === "line"
    ? said.text
    : [said.head, ...said.frames.map(({ name, file, line, column, excerpt }) => [name, file, line, column, excerpt])]

test("an error has its words, and a frame for each function with the text around", () => {
  const said = saidOf(`
before
Uncaught Error: Can't read property 'd' of undefined
    at a (:1:4)
b.c.d
   ^
    at :1:16
print("x");a({})
               ^
behind
`)
  expect(said.map(short)).toEqual([
    "before",
    [
      "Uncaught Error: Can't read property 'd' of undefined",
      ["a", undefined, 1, 4, "b.c.d"],
      [undefined, undefined, 1, 16, 'print("x");a({})'],
    ],
    "behind",
  ])
  const trace = said[1] as Said & { kind: "trace" }
  expect(trace.raw).toHaveLength(7)
  expect(trace.frames[0]!.caret).toBe(4)
})

test("firmware that finds its files again names them, and may show no text (stock Linux build)", () => {
  const said = saidOf(`
Uncaught ReferenceError: "topLevelFail" is not defined
    at eval (mw.1:29:1)

^
    at boot code (.bootcde:1:58)

                                                         ^
`)
  expect(said.map(short)).toEqual([
    [
      'Uncaught ReferenceError: "topLevelFail" is not defined',
      ["eval", "mw.1", 29, 1, ""],
      ["boot code", ".bootcde", 1, 58, ""],
    ],
  ])
})

test("a rejection keeps the trace of its reason", () => {
  const [said] = saidOf(`
Uncaught Error: Unhandled promise rejection: Error: rejected
    at :1:23
j(new Error("rejected"))
                      ^
`)
  expect(short(said!)).toEqual([
    "Uncaught Error: Unhandled promise rejection: Error: rejected",
    [undefined, undefined, 1, 23, 'j(new Error("rejected"))'],
  ])
})

test("memory that runs out is told in the line of the first frame, behind the prompt", () => {
  const said = saidOf(`
>OUT OF MEMORY    at fill (:1:38)
var x=[];for(;;)x.push("some text"+x.length)
                                     ^
Execution Interrupted during event processing.
New interpreter error: LOW_MEMORY,MEMORY
`)
  expect(said.map(short)).toEqual([
    ["OUT OF MEMORY", ["fill", undefined, 1, 38, 'var x=[];for(;;)x.push("some text"+x.length)']],
    "Execution Interrupted during event processing.",
    "New interpreter error: LOW_MEMORY,MEMORY",
  ])
})

test("a message may have line breaks, and a value that is no error has no frames", () => {
  const said = saidOf(`
Uncaught Error: long message with newline
second
    at sub (:1:52)
throw new Error("long message with newline\\nsecond")
                                                   ^
Uncaught a string
wifi: connected
`)
  expect(said.map(short)).toEqual([
    [
      "Uncaught Error: long message with newline\nsecond",
      ["sub", undefined, 1, 52, 'throw new Error("long message with newline\\nsecond")'],
    ],
    ["Uncaught a string"],
    "wifi: connected",
  ])
})

test("a trace that a program prints has no words of its own", () => {
  const said = saidOf(`
hello
    at :1:47
console.log("warn here");console.trace("hello")
                                              ^
`)
  expect(said.map(short)).toEqual([
    "hello",
    ["", [undefined, undefined, 1, 47, 'console.log("warn here");console.trace("hello")']],
  ])
})

test("until 2v26 a function was named in the line of its caller (c1eb6941b, run with the chip's settings)", () => {
  const said = saidOf(`
Uncaught Error: Cannot read property 'd' of undefined
 at line 1 col 4 in mw.1
b.c.d
   ^
in function "a" called from line 1 col 16
print("x");a({})
               ^
in function called from system
`)
  expect(said.map(short)).toEqual([
    [
      "Uncaught Error: Cannot read property 'd' of undefined",
      ["a", "mw.1", 1, 4, "b.c.d"],
      [undefined, undefined, 1, 16, 'print("x");a({})'],
    ],
  ])
})

test("lines that look a little like it are lines", () => {
  const text = `
at 21.5 degrees
    at home
^
in function
`
  expect(saidOf(text).map(short)).toEqual(text.split("\n").slice(1, -1))
})
