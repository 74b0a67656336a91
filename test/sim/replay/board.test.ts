import { describe, expect, test } from "vitest"
import { Random } from "../../../sim/clock/random"
import type { DeviceSpec } from "../../../sim/device"
import type { HouseEvent } from "../../../sim/events"
import { BOARD_TOLERANCE_US, BoardReplay } from "../../../sim/replay/board"
import { eventOf, eventsOf, readTrace } from "../../../sim/trace/file"
import { Recorder } from "../../../sim/trace/recorder"
import { specOf } from "../../scenarios/home"
import { replay } from "./recording"

/** One timer that sets itself again, as src/device/loop.ts has it, a watch, and a conversion. */
const PROGRAM = `
  var count = 0, edges = 0;
  setWatch(function () { edges++; }, D4, { repeat: true, edge: "falling" });
  function tick() {
    setTimeout(tick, 100);
    count++;
    digitalWrite(D5, count & 1);
    print(count, edges, analogRead(D34));
  }
  setTimeout(tick, 100);`

const HASH = "0".repeat(64)
const MAC = [36, 10, 196, 0, 0, 1]

/** What a recorder on a board would have seen of it: callbacks up to 8 ms late, and each thing they do a little later still. */
function recorded(change: (events: HouseEvent[]) => HouseEvent[] = (events) => events): string {
  const random = new Random(3)
  const device = "climate"
  const events: HouseEvent[] = [{ atUs: 5_000_000, device, kind: "boot", boots: 3, reason: "power" }]
  // The program starts 350 ms behind the reset.
  let atUs = 5_350_000
  events.push({ atUs: atUs + 90, device, kind: "pin", pin: "GPIO4", level: "rise", by: "chip" })
  for (let count = 1, edges = 0; count <= 20; count++) {
    const at = { atUs: (atUs += 100_000 + random.below(8_000)), device }
    events.push({ ...at, kind: "timer" })
    events.push({ ...at, atUs: atUs + 310, kind: "pin", pin: "GPIO5", level: count & 1 ? "rise" : "fall", by: "chip" })
    const value = random.below(4096) / 4096
    events.push({ ...at, atUs: atUs + 540, kind: "adc", pin: "GPIO34", value })
    events.push({ ...at, atUs: atUs + 900, kind: "log", level: "info", text: `${count} ${edges} ${shown(value)}` })
    for (let fall = random.below(4); fall > 0; fall--, edges++)
      for (const level of ["fall", "rise"] as const)
        events.push({
          device,
          atUs: atUs + 20_000 - 4000 * fall + (level === "rise" ? 2000 : 0),
          kind: "pin",
          pin: "GPIO4",
          level,
          by: "outside",
        })
  }
  let text = ""
  const header = {
    by: "a test",
    origin: "board" as const,
    devices: [{ name: device, board: "esp32-devkitc", bundle: HASH, mac: MAC }],
  }
  const recorder = new Recorder(header, [], (line) => (text += line))
  for (const event of change(events)) recorder.event(event)
  recorder.end(atUs + 30_000)
  return text
}

/** As the chip prints a number: eleven digits, the rest cut off. */
const shown = (value: number) => `${value === 0 ? 0 : Math.floor(value * 1e11 + 1e-3) / 1e11}`

const spec = (): Promise<DeviceSpec> => specOf("climate", { bundle: PROGRAM, parts: [] })

/** As `motewire replay` plays the trace of a board. */
function replayBoard(text: string, spec: DeviceSpec, options: { isChanged?: boolean } = {}) {
  const trace = readTrace(text)
  const events = eventsOf(trace, spec.name).map(eventOf)
  const world = { device: trace.header.devices[0]!, board: spec.board, bundle: spec.bundle, events, endUs: trace.endUs }
  return new BoardReplay({ ...world, ...options }).run()
}

/** 0.9 ms behind its callback. */
const isNinthLog = (event: HouseEvent) => event.kind === "log" && event.text.startsWith("9 ")

describe("the trace of a board", () => {
  test("replays with timers that ran when they ran", async () => {
    const outcome = replayBoard(recorded(), await spec())
    expect(outcome.difference).toBeUndefined()
    expect(outcome.outputs).toBe(61)
    expect(outcome.inputs).toBeGreaterThan(60)
  })

  test("is no trace of the simulator, whose timers are on time", async () => {
    expect(replay(recorded(), await spec()).difference).toBeDefined()
  })

  test.each([-21, -19, 19, 21])("may do things %i ms from when it did, up to 20", async (ms) => {
    const moved = recorded((events) =>
      events.map((event) => (isNinthLog(event) ? { ...event, atUs: event.atUs - 900 + ms * 1000 } : event)),
    )
    const { difference } = replayBoard(moved, await spec())
    expect(BOARD_TOLERANCE_US).toBe(20_000)
    expect(difference === undefined).toBe(Math.abs(ms) <= 20)
    if (difference) expect(difference.expected ?? difference.got).toMatchObject({ kind: "log" })
  })

  test("shows an output that is missing, and one that is another", async () => {
    const without = recorded((events) => events.filter((event) => event.kind !== "log" || !event.text.startsWith("7 ")))
    expect(replayBoard(without, await spec()).difference!.got).toMatchObject({ kind: "log" })
    const other = recorded((events) =>
      events.map((event) => (event.kind === "adc" && event.value > 0.9 ? { ...event, value: 0.5 } : event)),
    )
    expect(replayBoard(other, await spec()).difference).toMatchObject({
      expected: { kind: "log" },
      got: { kind: "log", text: expect.stringContaining("0.5") },
    })
  })

  test("shows a program whose timer ran once less often", async () => {
    const lazy = {
      ...(await spec()),
      bundle: PROGRAM.replace(
        "setTimeout(tick, 100);\n    count++",
        "if (count < 5) setTimeout(tick, 100);\n    count++",
      ),
    }
    const { difference } = replayBoard(recorded(), lazy, { isChanged: true })
    expect(difference!.expected).toMatchObject({ kind: "pin", pin: "GPIO5" })
    expect(difference!.got).toBeUndefined()
  })
})
