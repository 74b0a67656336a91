import { expect, test } from "vitest"
import { isAnswer, question } from "../../tools/monitor/running"

/** What a board prints for the question, with this value in the place of its answer. */
function answerTo(line: string, value: unknown): string {
  const [, id] = /"w:(\d+):"/.exec(line)!
  return `<mw:${id}:${JSON.stringify(value)}:mw>`
}

const RECORDS = [
  ["7", "mw.2", "9000", "123456"],
  ["6", "mw.1", "8000", "654321"],
]

test("the record that runs tells its slot and checksum, whether or not the program was read to its end", () => {
  const { line, answer } = question()
  expect(answer(answerTo(line, [7, "2v29", 1, RECORDS]))).toEqual({ file: "mw.2", crc: 123456, version: "2v29" })
  expect(answer(answerTo(line, [-6, "2v29", 1, RECORDS]))).toEqual({ file: "mw.1", crc: 654321, version: "2v29" })
})

test("without a loader the program is .bootcde", () => {
  const { line, answer } = question()
  expect(answer(answerTo(line, [0, "2v29", 99, [[], []]]))).toEqual({ file: ".bootcde", crc: 99, version: "2v29" })
})

test("answers to others, spoilt ones and the question's own echo are none", () => {
  const { line, answer } = question()
  expect(answer(answerTo(question().line, [7, "2v29", 1, RECORDS]))).toBeUndefined()
  expect(answer(answerTo(line, [7, "2v29", 1, RECORDS]).replace("mw.2", '"'))).toBeUndefined()
  expect(answer(line)).toBeUndefined()
  expect(isAnswer(line)).toBe(false)
  expect(isAnswer(answerTo(line, 1))).toBe(true)
})

test("the question is one silent line", () => {
  const { line } = question()
  expect(line).toMatch(/^\x10[ -~]+\n$/)
})
