import { readFileSync } from "node:fs"
import { EveryKind } from "../../test/vm/every-kind"
import { Chip, INTERPRETERS, type Interpreter } from "../../test/vm/interpreter"
import { buildProgram } from "../build/program"
import { print, type Row } from "./report"

const OVER_BROKER = 3000
const RECONNECTS = 1000
const VERSIONS = ["311", "5"] as const
type Version = (typeof VERSIONS)[number]

const nameOf = (version: Version) => (version === "5" ? "MQTT 5.0" : "MQTT 3.1.1")

export const grown = (what: string, blocks: number): Row => ({
  what,
  figure: `${blocks}`,
  bar: "0",
  passes: blocks === 0,
})

/** All messages of every kind, on a stand-in for the socket. */
export async function growth(messages: number): Promise<void> {
  const runs = INTERPRETERS.flatMap((interpreter) => VERSIONS.map((version) => [interpreter, version] as const))
  // One for each core of a small machine.
  for (let at = 0; at < runs.length; at += 2)
    await Promise.all(
      runs.slice(at, at + 2).map(async ([interpreter, version]) => {
        const rows = (await growths(interpreter, version, messages)).map(({ name, growth }) => grown(name, growth))
        print(`Growth in blocks from 10 to ${messages} messages, ${interpreter.name}, ${nameOf(version)}`, rows)
      }),
    )
}

/** By kind, on one interpreter. */
export async function growths(
  interpreter: Interpreter,
  version: Version,
  messages: number,
): Promise<{ name: string; growth: number }[]> {
  const { code } = await buildProgram(`test/vm/programs/calls-${version}.ts`)
  // The script and its own closures stand in RAM here.
  const chip = new Chip(interpreter, { ESPR_STACK: "1000000", ESPR_VARS: "16000" })
  try {
    const settings = `var MESSAGES=${messages}, IS_V5=${version === "5"};`
    chip.runScript([settings, code, readFileSync("tools/bench/repeats.js", "latin1")].join("\n"))
    const line = await chip.printed(/^<(results|failed)>/, 1_800_000)
    if (line.startsWith("<failed>")) throw new Error(`calls-${version} on ${interpreter.name}: ${line}`)
    return JSON.parse(line.replace("<results>", "")) as { name: string; growth: number }[]
  } finally {
    chip.close()
  }
}

/** Fewer of them, and reconnects, over a real socket and a real broker. */
export async function growthOverBroker(): Promise<void> {
  const rows = await Promise.all(
    INTERPRETERS.flatMap((interpreter) => VERSIONS.map((version) => overBroker(interpreter, version))),
  )
  print("Growth in blocks over Mosquitto", rows.flat())
}

async function overBroker(interpreter: Interpreter, version: Version): Promise<Row[]> {
  const chip = await EveryKind.start(interpreter, version)
  const what = (of: string) => `${interpreter.name}, ${nameOf(version)}, ${of}`
  try {
    await chip.afterReconnects(10)
    const before = await chip.afterMessages(10)
    const messages = (await chip.afterMessages(OVER_BROKER)) - before
    const reconnects = (await chip.afterReconnects(RECONNECTS)) - before
    return [
      grown(what(`${OVER_BROKER} messages at all QoS, published and received`), messages),
      grown(what(`${RECONNECTS} reconnects with messages under way, session kept and lost`), reconnects),
    ]
  } finally {
    await chip.close()
  }
}
