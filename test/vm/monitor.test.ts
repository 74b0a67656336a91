import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { afterEach, describe, expect, it } from "vitest"
import { pretokenise } from "../../tools/build/pretokenise"
import { buildProgram } from "../../tools/build/program"
import type { Device } from "../../tools/config/device"
import type { Config } from "../../tools/config/load"
import type { ChipState } from "../../tools/flash/chip"
import { flash } from "../../tools/flash/flash"
import { writeByConsole } from "../../tools/flash/files"
import { findBuild } from "../../tools/monitor/builds"
import { ConsoleLines } from "../../tools/monitor/console-lines"
import { Monitor } from "../../tools/monitor/monitor"
import { placesOf as placesIn } from "../../tools/monitor/places"
import type { MonitorRecord } from "../../tools/monitor/record"
import { Traces, type Said } from "../../tools/monitor/traces"
import { openSerial, type SerialLine } from "../../tools/serial/port"
import { WHY_NO_PTY } from "../serial/pty"
import { eventually } from "./eventually"
import { FlashBoard } from "./flash-board"
import { INTERPRETERS, WHY_NO_INTERPRETER, type Interpreter } from "./interpreter"

const WHY = WHY_NO_INTERPRETER ?? WHY_NO_PTY
const FOLDER = "test/vm/programs/faults"
/** Faults of main.ts; memory never runs out where the interpreter takes what it needs. */
const COUNT = 14

/** Where the comments say that a fault is: `FAULT name` behind the line that fails. */
const marked = (kind: "FAULT" | "CALLER" | "LIKELY"): Map<string, string> =>
  new Map(
    readdirSync(FOLDER).flatMap((file) =>
      readFileSync(path.join(FOLDER, file), "utf8")
        .split("\n")
        .flatMap((line, at): [string, string][] => {
          const name = new RegExp(`// ${kind} (\\w+)$`).exec(line)?.[1]
          // Prettier moves a comment behind a brace down.
          const isMoved = line.trimStart().startsWith("//")
          return name ? [[name, `${FOLDER}/${file}:${isMoved ? at : at + 1}`]] : []
        }),
    ),
  )

/** What a person would say that each fault is in. */
const FUNCTIONS: Record<string, string> = {
  timer: "callback of program",
  event: "callback of E.on",
  promise: "callback of then",
  nested: "showReading",
  closure: "tell",
  class: "Station.measure",
  stack: "depthOf",
  callback: "callback of values.forEach",
  custom: "rangeProblem",
  template: "title",
  memory: "fill",
}

/** The interpreter's Linux build has no Wi-Fi: here it never joins. */
const WIFI =
  'Modules.addCached("Wifi",function(exports){exports.connect=exports.disconnect=exports.getHostByName=function(){}})'
const RECORD = { id: "faults", ssid: "s", pass: "p", host: "h", port: 1 }

describe.skipIf(WHY)(WHY ? `motewire monitor, skipped: ${WHY}` : "the interpreters for motewire monitor", () => {
  it("are there", () => expect(INTERPRETERS.length).toBeGreaterThan(0))
})

for (const interpreter of WHY ? [] : INTERPRETERS)
  describe(`motewire monitor on ${interpreter.name}`, () => {
    let board: FlashBoard
    afterEach(() => board?.close())

    it.each(["pretokenised", "plain"])(
      "names the TypeScript of every fault of a %s program",
      { timeout: 60_000 },
      async (form) => {
        board = await boardWithWifi(interpreter)
        const count = interpreter.isChipLike ? COUNT : COUNT - 1
        await flashed(await openSerial(board.tty), "main", form, count)
        const last = interpreter.isChipLike ? [/^OUT OF MEMORY/] : [/^Uncaught SyntaxError/]
        const records = await monitored(board, "main", [...last, /'watch' of undefined/])
        const traces = tracesByFault(records)
        const [faults, callers] = [marked("FAULT"), marked("CALLER")]
        const told = (name: string) => placesOf(traces.get(name))
        // A template's expression is text in RAM there, and the stock build shows no text around.
        const names = Object.keys(FUNCTIONS).filter((name) => interpreter.isChipLike || !/template|memory/.test(name))
        expect(names.map((name) => [name, told(name)[0]])).toEqual(
          names.map((name) => [name, `${FUNCTIONS[name]} ${faults.get(name)}`]),
        )
        for (const [name, place] of callers) if (names.includes(name)) expect(told(name).join()).toContain(place)
        // The firmware tells no place for these.
        for (const [name, place] of marked("LIKELY")) expect(likelyOf(traces.get(name))).toBe(place)
        // Its own trace comes 2 s later.
        const driver = records.find((record) => record.kind === "trace" && /'watch' of undefined/.test(record.text))
        expect(placesOf(driver)[0]).toMatch(/^\S.* src\/drivers\/dht\/sensor\.ts:\d+$/)
        expect(sourceOf(driver)).toContain("wire.watch(onFall)")
      },
    )

    it("names the line of a program that fails at its top, as .bootcde", { timeout: 60_000 }, async () => {
      board = await boardWithWifi(interpreter)
      const bundle = await buildProgram(`${FOLDER}/top.ts`)
      await board.at(async (console) => {
        await console.knock(5000)
        const { code } = pretokenise(bundle, await console.ask<string>("process.env.VERSION"))
        await writeByConsole(console, ".bootcde", code)
      })
      const records = await monitored(board, "top", [/^Uncaught/])
      expect(placesOf(records.find(({ kind }) => kind === "trace"))).toEqual([
        `undefined ${marked("FAULT").get("top")}`,
      ])
    })

    if (!interpreter.isChipLike) return
    it("names it in the trial of a program that was flashed", { timeout: 60_000 }, async () => {
      board = await boardWithWifi(interpreter)
      const bundle = await buildProgram(`${FOLDER}/top.ts`)
      const line = await openSerial(board.tty)
      const [lines, traces] = [new ConsoleLines(), new Traces()]
      const said: Said[] = []
      line.onData((bytes) => said.push(...lines.take(bytes).flatMap((row) => traces.take(row))))
      await expect(flashed(line, "top", "pretokenised", 1)).rejects.toThrow(/did not come up/)
      const trace = said.find((each) => each.kind === "trace")!
      const { code } = pretokenise(bundle, "2v29.277")
      const places = await placesIn({ bundle, code, file: "mw.1", firmware: "2v29.277" })
      const place = places.of(trace.frames[0]!)
      expect(`${place!.file}:${place!.line}`).toBe(marked("FAULT").get("top"))
      // The loader's own frame is nowhere in the program.
      expect(trace.frames.map(({ name }) => name)).toEqual(["eval", "boot code"])
    })
  })

async function boardWithWifi(interpreter: Interpreter): Promise<FlashBoard> {
  const board = await new FlashBoard(interpreter).powerOn()
  await board.ask(`require("Storage").write(".boot0",${JSON.stringify(WIFI)})`)
  return board
}

/** As `motewire flash` does it. */
async function flashed(line: SerialLine, name: string, form: string, count: number): Promise<void> {
  const bundle = await buildProgram(`${FOLDER}/${name}.ts`)
  const program = (chip: ChipState) => (form === "plain" ? bundle.code : pretokenise(bundle, chip.version).code)
  const job = { board: { name: "esp32-devkitc", chip: "ESP32" }, program, say: () => {} }
  await flash(line, "the board", { ...job, record: { ...RECORD, s: { count } } }).finally(() => line.close())
}

/** What a monitor tells of a board that starts, until all of this came. */
async function monitored(board: FlashBoard, name: string, awaited: RegExp[]): Promise<MonitorRecord[]> {
  const end = new AbortController()
  const records: MonitorRecord[] = []
  const device = { name: "faults", program: `${FOLDER}/${name}.ts`, programAsWritten: name } as Device
  const monitor = new Monitor({
    ...{ name: board.tty, signal: end.signal, nowMs: Date.now, open: () => openSerial(board.tty) },
    tell: (record) => records.push(record),
    find: (running) => findBuild(running, { folder: "/nowhere" } as Config, [device]),
  })
  const running = monitor.run(await openSerial(board.tty))
  board.cutPower()
  await eventually(
    () => awaited.every((pattern) => records.some(({ text }) => pattern.test(text))),
    () => `${awaited.join()} in:\n${records.map(({ text }) => text).join("\n")}`,
    30_000,
  ).finally(() => end.abort())
  await running
  return records
}

/** The first trace behind each line that announces a fault. */
function tracesByFault(records: MonitorRecord[]): Map<string, MonitorRecord> {
  const traces = new Map<string, MonitorRecord>()
  let fault = ""
  for (const record of records) {
    const name = /^fault: (\w+)$/.exec(record.text)?.[1]
    if (name) fault = name
    if (record.kind === "trace" && !traces.has(fault) && !/'watch'/.test(record.text)) traces.set(fault, record)
  }
  return traces
}

/** `FUNCTION FILE:LINE` of the frames that have a place. */
function placesOf(record: MonitorRecord | undefined): string[] {
  const frames = record?.kind === "trace" ? record.frames : []
  return frames.flatMap(({ place }) => (place ? [`${place.function} ${place.file}:${place.line}`] : []))
}

function likelyOf(record: MonitorRecord | undefined): string | undefined {
  const likely = record?.kind === "trace" ? record.likely : undefined
  return likely && `${likely.file}:${likely.line}`
}

const sourceOf = (record: MonitorRecord | undefined): string | undefined =>
  record?.kind === "trace" ? record.frames.find(({ place }) => place)?.place?.source : undefined
