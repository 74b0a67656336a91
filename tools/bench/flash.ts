import { FlashBoard } from "../../test/vm/flash-board"
import type { Interpreter } from "../../test/vm/interpreter"
import { pretokenise } from "../build/pretokenise"
import { buildProgram, type Bundle } from "../build/program"
import { flash } from "../flash/flash"
import { openSerial } from "../serial/port"
import { atMost, print, type Row } from "./report"

const RUNS = 5
const BAR_MS = 5000
const SMALLER_BAR_PCT = 15

const PROGRAMS = {
  climate: { sensor: 4, interval: 200, topic: "t" },
  bulb: { red: 16, green: 17, blue: 23, topic: "t" },
}

/** From an open port to first words, on an interpreter behind a pseudo terminal whose Storage has no program yet: the slowest of some. */
export async function flashing(interpreter: Interpreter): Promise<void> {
  const rows: Row[] = []
  for (const [name, settings] of Object.entries(PROGRAMS)) {
    const bundle = await buildProgram(`src/apps/${name}.ts`)
    for (const form of ["minified", "pretokenised"]) {
      const tookMs: number[] = []
      while (tookMs.length < RUNS) tookMs.push(await once(interpreter, bundle, form === "pretokenised", settings))
      rows.push(atMost(`${name}, ${form}`, Math.round(Math.max(...tookMs)), BAR_MS, "ms"))
    }
  }
  print(`Flash to ${interpreter.name}: written, verified, booted, heard; the slowest of ${RUNS}`, rows)
}

async function once(
  interpreter: Interpreter,
  bundle: Bundle,
  isPretokenised: boolean,
  settings: Record<string, number | string>,
): Promise<number> {
  const board = await new FlashBoard(interpreter).powerOn()
  try {
    await board.lend()
    const startedMs = performance.now()
    const line = await openSerial(board.tty)
    const verdict = await flash(line, "the board", {
      board: { name: "esp32-devkitc", chip: "ESP32" },
      program: ({ version }) => (isPretokenised ? pretokenise(bundle, version).code : bundle.code),
      record: { id: "bench", ssid: "workshop", pass: "", host: "127.0.0.1", port: 1, s: settings },
      say: () => {},
    }).finally(() => line.close())
    if (!verdict?.words.length) throw new Error("the program said nothing")
    return performance.now() - startedMs
  } finally {
    await board.close()
  }
}

export async function pretokenised(): Promise<void> {
  const rows: Row[] = []
  for (const name of Object.keys(PROGRAMS)) {
    const bundle = await buildProgram(`src/apps/${name}.ts`)
    const { length } = pretokenise(bundle).code
    const smallerPct = 100 * (1 - length / bundle.bytes)
    rows.push({
      what: `${name}, ${length} bytes for ${bundle.bytes}`,
      figure: `${smallerPct.toFixed(2)} % smaller`,
      bar: `${SMALLER_BAR_PCT} %`,
      passes: smallerPct >= SMALLER_BAR_PCT,
    })
  }
  print("Pretokenised", rows)
}
