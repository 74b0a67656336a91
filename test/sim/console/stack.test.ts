import { expect, test } from "vitest"
import { pretokenise } from "../../../tools/build/pretokenise"
import { simulatedBoard } from "../../../tools/console/board"
import { eventually } from "../../vm/eventually"
import { BOARD, RECORD } from "../fixture"

const EMPTY_MAP = JSON.stringify({ version: 3, sources: [], names: [], mappings: "" })
const tokens = (code: string) => pretokenise({ code, map: EMPTY_MAP }).code

/** What a board prints between "begin" and the next prompt. */
async function printed(program: string): Promise<string[]> {
  const board = simulatedBoard(
    { name: "board", board: BOARD, record: RECORD, parts: [] },
    { files: { ".bootcde": program } },
  )
  let heard = ""
  board.line.onData((bytes) => (heard += bytes))
  const done = () => /begin\r\n([^]*?)\r\n>/.exec(heard)?.[1]
  await eventually(
    () => done() !== undefined,
    () => `the error in ${heard}`,
    10_000,
  ).finally(() => board.close())
  return done()!.split("\r\n")
}

const NESTED = 'function a(b){return b.c.d}function b(){print("begin");a({})}setTimeout(b,200)'
/** Longer than what is shown; a byte of 10 (the length of a string, and a number) ends a line where the chip counts. */
const LONG =
  'function a(b){var c="0123456789",d=10,e=c+d+b.length,f="some more text behind it";return nothing(e,f)}' +
  'setTimeout(function(){print("begin");a("x")},200)'

// Names: a timer's function has none on the chip, and V8 knows it by its own. Columns are V8's, which points at what failed.
test("an uncaught error shows the bodies of the functions, without the return in front, and counts in them", async () => {
  const head = ["Uncaught Error: Can't read property 'd' of undefined", "    at a (:1:5)", "b.c.d", "    ^"]
  const called = ["    at b (:1:16)", 'print("begin");a({})', "               ^"]
  expect(await printed(NESTED)).toEqual([...head, ...called])
  // Without the semicolon, which a pretokenised program does not need there.
  const calledInTokens = ["    at b (:1:15)", 'print("begin")a({})', "              ^"]
  expect(await printed(tokens(NESTED))).toEqual([...head, ...calledInTokens])
})

test("of a long line thirty bytes in front are shown and thirty behind", async () => {
  expect((await printed(LONG)).slice(0, 4)).toEqual([
    'Uncaught ReferenceError: "nothing" is not defined',
    "    at a (:1:69)",
    '...,f="some more text behind it";return nothing(e,f)',
    "                                 ^",
  ])
})

test("lines of a pretokenised program end where a byte is 10 (line and excerpt as espruino-chip prints them, 2v29.277)", async () => {
  expect((await printed(tokens(LONG))).slice(0, 4)).toEqual([
    'Uncaught ReferenceError: "nothing" is not defined',
    "    at a (:3:45)",
    ',e=c+d+b.length,f="some more text behind it"return nothing(e,f)',
    "                                            ^",
  ])
})

test("a rejection that nobody caught is an error with the reason's words and frames", async () => {
  const program = 'setTimeout(function(){print("begin");new Promise(function(a,b){b(new Error("no"))})},200)'
  expect((await printed(program)).slice(0, 3)).toEqual([
    "Uncaught Error: Unhandled promise rejection: Error: no",
    "    at :1:3",
    'b(new Error("no"))',
  ])
})
