import { EventEmitter } from "node:events"
import pc from "picocolors"
import { expect, test } from "vitest"
import type { HouseEvent } from "../../sim/events"
import { Outbox } from "../../tools/cli/sim/outbox"
import { JsonOutput, PlainOutput, type Sink } from "../../tools/cli/sim/output"
import type { FromWorker } from "../../tools/cli/sim/protocol"
import { houseTime, levelOf, reaches } from "../../tools/text/say"

class Reader extends EventEmitter {
  text = ""
  writableNeedDrain = false
  write = (text: string) => ((this.text += text), true)
}
const reader = () => new Reader() as unknown as Reader & Sink

const at = { atUs: 3_723_004_000, device: "house" }
const publish: HouseEvent = {
  ...at,
  kind: "mqtt",
  action: "publish",
  client: "climate",
  topic: "t",
  payload: "21 \xC2\xB0C",
}

test("plain lines carry house time, board and words, with nothing a terminal would obey", () => {
  const sink = reader()
  const output = new PlainOutput(sink, pc.createColors(false))
  output.event(publish)
  output.event({ ...at, device: "bulb", kind: "log", level: "warn", text: "a\x1b[2Jb\n" })
  expect(sink.text).toBe("01:02:03.004  climate     → t 21 °C\n01:02:03.004  bulb        a␛[2Jb␊\n")
})

test("plain lines say where the broker is, why, and how to listen", () => {
  const sink = reader()
  const hint = "mosquitto_sub -h 127.0.0.1 -p 1884 -t 'sensor/data' -v"
  new PlainOutput(sink, pc.createColors(false)).ready({
    devices: ["a", "b"],
    url: "mqtt://127.0.0.1:1884",
    note: "1883 is taken",
    hint,
  })
  expect(sink.text).toBe(`boards: a, b\nbroker: mqtt://127.0.0.1:1884 (1883 is taken)\ntry: ${hint}\n`)
})

test("JSON is one object a line: ready, the events as they are, summary", () => {
  const sink = reader()
  const output = new JsonOutput(sink)
  output.ready({ devices: ["climate"], url: "mqtt://127.0.0.1:1883" })
  output.event(publish)
  output.event({ ...at, kind: "log", level: "info", text: "two\nlines\u2028" })
  output.close({ houseUs: 1, hostMs: 2, messages: 3, halts: 4, failures: [] })
  const lines = sink.text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
  expect(lines.map(({ kind }) => kind)).toEqual(["ready", "mqtt", "log", "summary"])
  expect(lines[1]).toEqual(publish)
})

test("an output whose reader is behind says so", async () => {
  const sink = reader()
  const output = new JsonOutput(sink)
  await output.drained()
  sink.writableNeedDrain = true
  let isDrained = false
  const waiting = output.drained().then(() => (isDrained = true))
  await new Promise(setImmediate)
  expect(isDrained).toBe(false)
  sink.emit("drain")
  await waiting
  expect(isDrained).toBe(true)
})

test("the worker holds the house while its batches are not read", () => {
  const posted: FromWorker[] = []
  const outbox = new Outbox((message) => posted.push(message))
  for (let i = 0; i < 256 * 8; i++) outbox.add(publish)
  expect([posted.length, outbox.isFull]).toEqual([8, true])
  outbox.wasRead()
  expect(outbox.isFull).toBe(false)
  outbox.flush()
  expect(posted.length).toBe(8)
  outbox.add(publish)
  outbox.flush()
  expect(posted[8]).toEqual({ say: "events", events: [publish] })
})

test("each event has a level: pins are for debugging, halts are errors", () => {
  const answer = { ...at, kind: "log", level: "info", text: '<mw:357287:{"value":1}:mw>' } as const
  expect([levelOf(answer), levelOf({ ...answer, text: "mw" })]).toEqual(["debug", "info"])
  expect(levelOf({ ...at, kind: "pin", pin: "GPIO4", level: "rise", by: "chip" })).toBe("debug")
  expect(levelOf(publish)).toBe("info")
  expect(levelOf({ ...at, kind: "mqtt", action: "ping", client: "c" })).toBe("debug")
  expect(levelOf({ ...at, kind: "mqtt", action: "refuse", client: "c", reason: "code 5" })).toBe("warn")
  expect(levelOf({ ...at, kind: "halt", reason: "endless loop", callback: "timer" })).toBe("error")
  expect([reaches("debug", "info"), reaches("info", "info"), reaches("error", "warn")]).toEqual([false, true, true])
})

test("house time grows days in front", () => {
  expect(houseTime(0)).toBe("00:00:00")
  expect(houseTime(86_400e6 + 3_661_500_000, true)).toBe("1d 01:01:01.500")
})
