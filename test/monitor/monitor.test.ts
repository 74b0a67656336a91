import { mkdtempSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, describe, expect, it, test } from "vitest"
import { pretokenise } from "../../tools/build/pretokenise"
import { buildProgram, type Bundle } from "../../tools/build/program"
import { simulatedBoard, type SimulatedBoard } from "../../tools/console/board"
import { flash } from "../../tools/flash/flash"
import type { Found } from "../../tools/monitor/builds"
import { Monitor } from "../../tools/monitor/monitor"
import { placesOf } from "../../tools/monitor/places"
import type { MonitorRecord } from "../../tools/monitor/record"
import type { Running } from "../../tools/monitor/running"
import { openSerial, type SerialLine } from "../../tools/serial/port"
import { crc32 } from "../../src/util/crc32"
import { Pty, WHY_NO_PTY } from "../serial/pty"
import { BOARD, RECORD } from "../sim/fixture"
import { eventually } from "../vm/eventually"

const PROGRAM = "test/vm/programs/faults/main.ts"

let board: SimulatedBoard | undefined
let session: Session | undefined
afterEach(async () => {
  await session?.close()
  await board?.close()
  board = session = undefined
})

/** A monitor that listens, and what it told. */
class Session {
  readonly records: MonitorRecord[] = []
  readonly asked: Running[] = []
  readonly monitor: Monitor
  private readonly end = new AbortController()
  private readonly running: Promise<void>

  constructor(line: SerialLine, open: () => Promise<SerialLine>, find?: (running: Running) => Promise<Found>) {
    let nowMs = 1_000_000
    this.monitor = new Monitor({
      ...{ name: "the board", signal: this.end.signal, open, nowMs: () => nowMs++ },
      tell: (record) => this.records.push(record),
      find: (running) => {
        this.asked.push(running)
        return find ? find(running) : Promise.resolve({ why: "the board runs another build" })
      },
    })
    this.running = this.monitor.run(line)
  }

  texts(kind?: MonitorRecord["kind"]): string[] {
    return this.records.filter((record) => !kind || record.kind === kind).map(({ text }) => text)
  }

  until(pattern: RegExp): Promise<void> {
    const isThere = () => this.texts().some((text) => pattern.test(text))
    return eventually(isThere, () => `${pattern} in:\n${this.texts().join("\n")}`, 8000)
  }

  async close(): Promise<void> {
    this.end.abort()
    await this.running
  }
}

const nobody = () => Promise.reject(new Error("no port"))
const boardWith = (files: Record<string, string>) =>
  (board = simulatedBoard({ name: "board", board: BOARD, record: RECORD, parts: [] }, { files, speed: 100 }))

/** The build that `running` runs, as tools/monitor/builds.ts finds it. */
const finderOf =
  (bundle: Bundle) =>
  async (running: Running): Promise<Found> => {
    const { file, version: firmware } = running
    const code = [bundle.code, pretokenise(bundle, firmware).code].find((each) => crc32(each) === running.crc)
    if (code === undefined) return { why: "the board runs another build" }
    const build = { device: "board", from: "the test", bundle }
    return { build, places: await placesOf({ bundle, code, file, firmware }) }
  }

describe("a monitor of a simulated board", { timeout: 20_000 }, () => {
  it("translates the traces of a program that was flashed, and says which build it is", async () => {
    const bundle = await buildProgram(PROGRAM)
    const { line, plugIn } = boardWith({})
    const job = { board: { name: "test", chip: "ESP32" }, say: () => {}, record: { ...RECORD, s: { count: 10 } } }
    await flash(line, "the board", { ...job, program: (chip) => pretokenise(bundle, chip.version).code })
    await line.close()
    session = new Session(plugIn(), nobody, finderOf(bundle))
    board!.powerOff()
    board!.powerOn()
    await session.until(/range: limit of 5/)
    expect(session.texts("event")).toContain("the board runs board as in the test: traces are translated")
    const trace = session.records.find(({ text }) => /range/.test(text)) as MonitorRecord & { kind: "trace" }
    expect(trace.frames.map(({ place }) => place && `${place.function} ${place.file}`)).toEqual([
      `rangeProblem ${PROGRAM}`,
      `refuse ${PROGRAM}`,
      `callback of clock.alarm ${PROGRAM}`,
      "tick src/device/loop.ts",
    ])
    expect(trace.level).toBe("error")
    expect(trace.raw[0]).toBe("Uncaught TypeError: range: limit of 5")
    expect(session.asked[0]).toMatchObject({ file: "mw.1" })
  })

  it("leaves the traces of another build as they are, and says so once", async () => {
    const { line } = boardWith({ ".bootcde": "var n=0;setInterval(function(){n++;nothing(n)},100)" })
    session = new Session(line, nobody)
    await eventually(
      () => session!.texts("trace").length > 2,
      () => session!.texts().join("\n"),
      8000,
    )
    expect(session.texts("event").filter((text) => /another build/.test(text))).toHaveLength(1)
    const traces = session.records.filter((record) => record.kind === "trace")
    expect(traces.flatMap(({ frames }) => frames).every(({ place }) => place === undefined)).toBe(true)
    expect(session.asked[0]).toMatchObject({ file: ".bootcde", crc: crc32(board!.files()[".bootcde"]!) })
  })

  it("never shows its questions, nor the settings behind what it reads", async () => {
    const { line } = boardWith({ ".bootcde": 'setTimeout(function(){print("done")},900)' })
    let heard = ""
    line.onData((bytes) => (heard += bytes))
    session = new Session(line, nobody)
    await session.until(/^done$/)
    await eventually(() => session!.asked.length > 0, "an answer")
    expect(heard).toMatch(/<mw:\d+:/)
    expect(heard).not.toContain(RECORD.pass)
    expect(session.texts().join()).not.toContain("mw:")
  })

  it("types at the prompt, and tells the answer without the echo", async () => {
    const { line } = boardWith({ ".bootcde": 'setTimeout(function(){print("ready")},500)' })
    session = new Session(line, nobody)
    await session.until(/^ready$/)
    for (const text of ["40+2", "for(var i=0;i<2;i++){", "print(i)", "}"]) await session.monitor.board!.type(text)
    await session.until(/^=undefined$/)
    const said = session.texts("line")
    expect(said.slice(said.indexOf("ready"))).toEqual(["ready", "=42", "0", "1", "=undefined"])
  })

  it("tells of a restart with its reason, and asks anew what runs", async () => {
    const { line } = boardWith({ ".bootcde": "setTimeout(function(){nothing()},300);setTimeout(E.reboot,2000)" })
    session = new Session(line, nobody)
    await session.until(/SW_CPU_RESET/)
    await eventually(
      () => session!.texts("trace").length > 1,
      () => session!.texts().join("\n"),
      8000,
    )
    expect(session.texts("event")).toContain("the board starts anew: SW_CPU_RESET")
    expect(session.records.find(({ text }) => /^rst:/.test(text))!.level).toBe("debug")
    expect(session.asked.length).toBeGreaterThan(1)
  })

  it("waits when the cable is pulled, and goes on when it is back", async () => {
    const { line, plugIn } = boardWith({ ".bootcde": 'var n=0;setInterval(function(){print("tick "+n++)},200)' })
    let isBack = false
    session = new Session(line, () => (isBack ? Promise.resolve(plugIn()) : nobody()))
    await session.until(/^tick 3$/)
    await line.close()
    await session.until(/is gone: waiting/)
    expect(session.monitor.board).toBeUndefined()
    isBack = true
    await eventually(
      () => session!.texts("event").filter((text) => /listening/.test(text)).length === 2,
      "the second time",
      5000,
    )
    const before = session.texts().length
    await eventually(
      () =>
        session!
          .texts()
          .slice(before)
          .some((text) => /^tick/.test(text)),
      "a tick",
      5000,
    )
  })
})

const PULLED = "a port that vanishes and comes back at its path is opened again"
test.skipIf(WHY_NO_PTY)(WHY_NO_PTY ? `${PULLED} (${WHY_NO_PTY})` : PULLED, { timeout: 15_000 }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "motewire-monitor-"))
  const link = path.join(folder, "tty")
  const plugged = async () => {
    const pty = await Pty.open()
    symlinkSync(pty.path, link)
    return pty
  }
  const first = await plugged()
  session = new Session(await openSerial(link), () => openSerial(link))
  first.send("one\r\n")
  await session.until(/^one$/)
  first.close()
  rmSync(link)
  await session.until(/is gone/)
  const second = await plugged()
  const connected = () => session!.texts().filter((text) => /listening/.test(text)).length
  await eventually(() => connected() === 2, "the port", 8000)
  second.send("two\r\n")
  await session.until(/^two$/)
  await session.close()
  expect(session.texts("line")).toEqual(["one", "two"])
  second.close()
  rmSync(folder, { recursive: true })
})
