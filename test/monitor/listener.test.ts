import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { Listener } from "../../tools/monitor/listener"
import type { Found } from "../../tools/monitor/builds"
import type { Places } from "../../tools/monitor/places"
import type { MonitorRecord } from "../../tools/monitor/record"
import type { SerialLine } from "../../tools/serial/port"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A board that says what a test lets it say, and what is found of the build that it runs. */
function board(found: Found = { why: "the board runs another build" }) {
  const records: MonitorRecord[] = []
  const sent: string[] = []
  let say: (bytes: string) => void = () => {}
  const line = { onData: (run: typeof say) => (say = run), write: (bytes: string) => sent.push(bytes) }
  const find = () => Promise.resolve(found)
  const hearing = { tell: (record: MonitorRecord) => records.push(record), find, nowMs: () => Date.now() }
  const listener = new Listener(line as unknown as SerialLine, hearing)
  return { records, sent, listener, say: (bytes: string) => say(bytes) }
}

const TRACE = "Uncaught Error: no\r\n    at a (:1:4)\r\nb.c\r\n   ^\r\n"

test("a trace is told once it is whole, with the time of its first line", async () => {
  const { records, say } = board()
  vi.setSystemTime(5000)
  say(TRACE.slice(0, 30))
  await vi.advanceTimersByTimeAsync(100)
  say(TRACE.slice(30))
  await vi.advanceTimersByTimeAsync(100)
  expect(records).toEqual([])
  await vi.advanceTimersByTimeAsync(3000)
  const [trace] = records.filter(({ kind }) => kind === "trace")
  expect(trace).toMatchObject({ timeMs: 5000, text: "Uncaught Error: no" })
})

/** What the board answers to the last question. */
const answerTo = (question: string) =>
  `<mw:${/w:(\d+):/.exec(question)![1]}:[1,"2v29",0,[["1","mw.1","9","5"]]]:mw>\r\n`

test("what is said about a trace stands above it and has its time: times never run backwards", async () => {
  const { records, sent, say } = board()
  vi.setSystemTime(5000)
  say(`before\r\n${TRACE}`)
  await vi.advanceTimersByTimeAsync(1000)
  say(answerTo(sent[0]!))
  await vi.advanceTimersByTimeAsync(0)
  expect(records.map(({ kind, timeMs }) => [kind, timeMs])).toEqual([
    ["line", 5000],
    ["event", 5000],
    ["trace", 5000],
  ])
})

test("what a board runs is not said with a later time than that of a trace which comes meanwhile", async () => {
  const { records, sent, listener, say } = board()
  vi.setSystemTime(5000)
  void listener.introduce()
  await vi.advanceTimersByTimeAsync(0)
  say(TRACE)
  await vi.advanceTimersByTimeAsync(50)
  say(answerTo(sent[0]!))
  await vi.advanceTimersByTimeAsync(1000)
  expect(records.map(({ kind, timeMs }) => [kind, timeMs])).toEqual([
    ["event", 5000],
    ["trace", 5000],
  ])
})

test("for what was typed at the prompt nothing in the program is likely", async () => {
  const likely = { file: "src/a.ts", line: 1, column: 1, why: "the only throw of this text" }
  const places: Places = { of: () => undefined, likely: () => likely }
  const { records, sent, say } = board({ build: { device: "a", from: "dist/a.js" } as never, places })
  for (const name of ["REPL", "a"]) {
    say(`Uncaught no\r\n    at ${name} (:1:1)\r\nb.c\r\n^\r\n`)
    await vi.advanceTimersByTimeAsync(200)
    if (name === "REPL") say(answerTo(sent[0]!))
    await vi.advanceTimersByTimeAsync(200)
  }
  const traces = records.flatMap((record) => (record.kind === "trace" ? [record.likely] : []))
  expect(traces).toEqual([undefined, likely])
})

test("lines behind a trace wait for it", async () => {
  const { records, say } = board()
  say(`${TRACE}behind\r\n`)
  await vi.advanceTimersByTimeAsync(3000)
  expect(records.map(({ kind, text }) => [kind, text]).filter(([kind]) => kind !== "event")).toEqual([
    ["trace", "Uncaught Error: no"],
    ["line", "behind"],
  ])
})

test("a board that does not answer has its trace shown as it is, and the next one asks again", async () => {
  const { records, sent, say } = board()
  say(TRACE)
  await vi.advanceTimersByTimeAsync(3000)
  expect(sent).toHaveLength(1)
  expect(records.map(({ kind }) => kind)).toEqual(["event", "trace"])
  expect(records[0]!.text).toMatch(/does not say what it runs/)
  say(TRACE)
  await vi.advanceTimersByTimeAsync(3000)
  expect(sent).toHaveLength(2)
  expect(records.map(({ kind }) => kind)).toEqual(["event", "trace", "trace"])
})

test("nothing is asked while half a line stands at the prompt", async () => {
  const { records, sent, say } = board()
  say(`${TRACE}>half {\r\n:`)
  await vi.advanceTimersByTimeAsync(3000)
  expect(sent).toEqual([])
  expect(records.some(({ kind }) => kind === "trace")).toBe(true)
})

test("what is typed waits while the board asks for a pause, but not for ever", async () => {
  const { sent, listener, say } = board()
  say("\x13")
  void listener.type("one")
  await vi.advanceTimersByTimeAsync(500)
  expect(sent).toEqual([])
  say("\x11")
  await vi.advanceTimersByTimeAsync(0)
  expect(sent).toEqual(["one\n"])
  say("\x13")
  void listener.type("two")
  await vi.advanceTimersByTimeAsync(2000)
  expect(sent).toEqual(["one\n", "two\n"])
})

test("typed text goes as UTF-8, and its echo is not told", async () => {
  const { records, sent, listener, say } = board()
  await listener.type('"°"')
  expect(sent).toEqual(['"\xc2\xb0"\n'])
  say('>"\xc2\xb0"\r\n="\xc2\xb0"\r\n>')
  await listener.settled()
  expect(records.map(({ text }) => text)).toEqual(['="\xc2\xb0"'])
  expect(listener.hasAnswered).toBe(true)
})

test("a line that the cable cut is told, a prompt is not", async () => {
  const cut = board()
  cut.say("wifi: conn")
  await cut.listener.settled()
  expect(cut.records.map(({ text }) => text)).toEqual(["wifi: conn"])
  const idle = board()
  idle.say("done\r\n>")
  await idle.listener.settled()
  expect(idle.records.map(({ text }) => text)).toEqual(["done"])
})
