import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { Listener } from "../../tools/monitor/listener"
import type { MonitorRecord } from "../../tools/monitor/record"
import type { SerialLine } from "../../tools/serial/port"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A board that says what a test lets it say. */
function board() {
  const records: MonitorRecord[] = []
  const sent: string[] = []
  let say: (bytes: string) => void = () => {}
  const line = { onData: (run: typeof say) => (say = run), write: (bytes: string) => sent.push(bytes) }
  const find = () => Promise.resolve({ why: "the board runs another build" })
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
