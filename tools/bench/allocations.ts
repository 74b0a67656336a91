import { readFileSync } from "node:fs"
import { createServer, type AddressInfo } from "node:net"
import { Chip, type Interpreter } from "../../test/vm/interpreter"
import { buildProgram } from "../build/program"
import { note, print, type Row } from "./report"
import { CLIENT_ONLY } from "./sizes"

interface Count {
  name: string
  blocks: number
  /** Blocks in use at once above those in use before the call. */
  peak: number
}

type Counts = Map<string, Count>

/** Share of the module's figure, and the call of the module that does the same. */
const BARS: Record<string, [share: number, module: string]> = {
  "prepared publish, QoS 0": [0.38, "publish, QoS 0"],
  "publish, QoS 0": [0.55, "publish, QoS 0"],
  "prepared publish, QoS 1": [0.75, "publish, QoS 1"],
  "publish, QoS 1": [0.75, "publish, QoS 1"],
  "receive, QoS 0": [0.5, "receive, QoS 0"],
  "receive, QoS 0, second filter": [0.5, "receive, QoS 0"],
}
const TOLD: Record<string, string> = {
  "receive, QoS 1": "receive, QoS 1",
  PUBACK: "PUBACK",
  PINGRESP: "PINGRESP",
}

export async function allocations(interpreter: Interpreter): Promise<void> {
  const moduleFile = process.env["ESPRUINO_MQTT"]
  const counts = await countCalls(interpreter, moduleFile)
  const title = `Blocks allocated per call, ${interpreter.name}`
  if (!counts) return print(title, [{ what: "this build does not count: E.getAllocCount is missing", figure: "" }])
  const rows = [...Object.keys(BARS), ...Object.keys(TOLD)].flatMap((call) =>
    differs(counts, call) ? [rowOf(counts, "", call), rowOf(counts, "real: ", call)] : [rowOf(counts, "", call)],
  )
  print(title, rows)
  if (!moduleFile) return note("Espruino's module: not found: set ESPRUINO_MQTT to the path of its MQTT.js")
  const base = counts.get("empty call")!.blocks
  const told = (name: string) => Math.round(counts.get(`module: ${name}`)!.blocks - base)
  note(
    `the module's receive is ${told("receive, QoS 0, no listener")} with nobody listening, ${told("receive, QoS 0")} until its event`,
  )
  note(
    `is queued, ${told("receive, QoS 0, until its listener runs")} until its listener runs; ours is with the handler called. The bar is that of the queued event.`,
  )
}

/** A write to the stand-in costs more than one to a socket; calls that write nothing cost the same. */
const differs = (counts: Counts, call: string) => counts.get(call)!.blocks !== counts.get(`real: ${call}`)!.blocks

function rowOf(counts: Counts, kind: string, call: string): Row {
  const base = counts.get("empty call")!.blocks
  const { blocks, peak } = counts.get(kind + call)!
  const [share, theirCall] = BARS[call] ?? [undefined, TOLD[call]!]
  const theirs = counts.get(`module ${kind || ": "}${theirCall}`.replace(" : ", ": "))
  const what = `${call}${kind ? ", real socket" : ""} (peak ${peak})`
  const figure = `${Math.round(blocks - base)}`
  if (!theirs) return { what, figure }
  const ratio = (blocks - base) / (theirs.blocks - base)
  return {
    what,
    figure: `${figure} of ${Math.round(theirs.blocks - base)} = ${ratio.toFixed(2)}`,
    ...(share !== undefined && { bar: `${share}`, passes: ratio <= share }),
  }
}

/** Runs calls.js; undefined when the interpreter has no counters. */
async function countCalls(interpreter: Interpreter, moduleFile: string | undefined): Promise<Counts | undefined> {
  const swallow = createServer((socket) => socket.on("data", () => {}).on("error", () => {}))
  await new Promise<void>((resolve) => swallow.listen(0, "127.0.0.1", resolve))
  // The script and its own closures stand in RAM here; what a call allocates does not depend on the size of the pool.
  const chip = new Chip(interpreter, { ESPR_STACK: "1000000", ESPR_VARS: "16000" })
  try {
    chip.runScript(await script((swallow.address() as AddressInfo).port, moduleFile))
    const line = await chip.printed(/^<(results|none)>/, 30_000)
    if (line.startsWith("<none>")) return undefined
    const results = JSON.parse(line.replace("<results>", "")) as Count[]
    return new Map(results.map((result) => [result.name, result]))
  } finally {
    chip.close()
    swallow.close()
  }
}

async function script(port: number, moduleFile: string | undefined): Promise<string> {
  const { code } = await buildProgram(CLIENT_ONLY)
  const module = moduleFile ? readFileSync(moduleFile, "latin1") : ""
  return [
    'if (!E.getAllocCount) { print("<none>"); setTimeout(quit,0); throw "no counters"; }',
    `var PORT=${port}, HAS_MODULE=${!!moduleFile};`,
    'Modules.addCached("Wifi","");',
    `Modules.addCached("MQTT",function(exports,module){${module}\n});`,
    code,
    readFileSync("tools/bench/calls.js", "latin1"),
  ].join("\n")
}
