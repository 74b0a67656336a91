import { readFileSync } from "node:fs"
import { createServer, type AddressInfo } from "node:net"
import { Chip, type Interpreter } from "../../test/vm/interpreter"
import { buildProgram } from "../build/program"
import { note, print, type Row } from "./report"

interface Count {
  name: string
  blocks: number
  /** Blocks in use at once above those in use before the call. */
  peak: number
}

type Counts = Map<string, Count>

/** Blocks that one turn of a loop takes on the interpreter: the bars on whole exchanges include them. */
const LOOP = 12

/** Share of the module's figure, and the call of the module that does the same. */
const SHARES: Record<string, [share: number, module: string]> = {
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
  "socket.write of a constant": "socket.write of a constant",
}

/** An exchange: the most blocks it may take, its calls, and the module's calls that do the same. */
type Exchange = [name: string, bar: number | undefined, ours: string[], theirs: string[]]
const EXCHANGES: Exchange[] = [
  [
    "publish, QoS 2: PUBLISH, PUBREC, PUBCOMP",
    220,
    ["prepared publish, QoS 2", "PUBREC", "PUBCOMP"],
    ["publish, QoS 2", "PUBREC", "PUBCOMP"],
  ],
  ["receive, QoS 1", 140, ["receive, QoS 1"], ["receive, QoS 1"]],
  ["receive, QoS 2: PUBLISH, PUBREL", 220, ["receive, QoS 2", "PUBREL"], ["receive, QoS 2", "PUBREL"]],
  ["ping: PINGREQ, PINGRESP", 60, ["PINGREQ", "PINGRESP"], ["PINGREQ", "PINGRESP"]],
]
/** In MQTT 5, where nothing is promised. */
const EXCHANGES_5: Exchange[] = [
  ["prepared publish, QoS 0", undefined, ["prepared publish, QoS 0"], ["publish, QoS 0"]],
  ["publish, QoS 0", undefined, ["publish, QoS 0"], ["publish, QoS 0"]],
  ["publish, QoS 1: PUBLISH, PUBACK", undefined, ["prepared publish, QoS 1", "PUBACK"], ["publish, QoS 1", "PUBACK"]],
  ["receive, QoS 0", undefined, ["receive, QoS 0"], ["receive, QoS 0"]],
  ...EXCHANGES.map(([name, , ours, theirs]): Exchange => [name, undefined, ours, theirs]),
]

export async function allocations(interpreter: Interpreter): Promise<void> {
  const moduleFile = process.env["ESPRUINO_MQTT"]
  const counts = await countCalls(interpreter, "calls-qos1", { MAX_QOS: 1, IS_V5: false }, moduleFile)
  const title = `Blocks allocated per call, ${interpreter.name}`
  if (!counts) return print(title, [{ what: "this build does not count: E.getAllocCount is missing", figure: "" }])
  const shares = [...Object.keys(SHARES), ...Object.keys(TOLD)]
  print(
    `${title}, client of QoS 0 and 1, loop taken off`,
    withReal(counts, shares, (kind, call) => shareRow(counts, kind, call)),
  )
  if (moduleFile) noteListeners(counts)
  else note("Espruino's module: not found: set ESPRUINO_MQTT to the path of its MQTT.js")
  const of311 = (await countCalls(interpreter, "calls-311", { MAX_QOS: 2, IS_V5: false }, moduleFile))!
  print(`${title}, client of all 3.1.1, loop of ${LOOP} included`, exchangeRows(of311, EXCHANGES))
  const of5 = (await countCalls(interpreter, "calls-5", { MAX_QOS: 2, IS_V5: true }, undefined))!
  // The module speaks 3.1.1 alone: its figures stand beside those of 5.0, too.
  for (const [name, count] of of311) if (name.startsWith("module")) of5.set(name, count)
  print(`${title}, client of all 5.0, loop of ${LOOP} included`, exchangeRows(of5, EXCHANGES_5))
}

function noteListeners(counts: Counts): void {
  const told = (name: string) => Math.round(net(counts, `module: ${name}`))
  note(
    `the module's receive is ${told("receive, QoS 0, no listener")} with nobody listening, ${told("receive, QoS 0")} until its event`,
  )
  note(
    `is queued, ${told("receive, QoS 0, until its listener runs")} until its listener runs; ours is with the handler called. The bar is that of the queued event.`,
  )
}

/** Blocks of a call without those of calling it. */
const net = (counts: Counts, call: string) => counts.get(call)!.blocks - counts.get("empty call")!.blocks

/** On the stand-in and on a real socket; once where both are the same: a write differs, and what writes nothing does not. */
const withReal = (counts: Counts, calls: string[], rowOf: (kind: string, call: string) => Row): Row[] =>
  calls.flatMap((call) =>
    counts.get(call)!.blocks === counts.get(`real: ${call}`)!.blocks
      ? [rowOf("", call)]
      : [rowOf("", call), rowOf("real: ", call)],
  )

const moduleKind = (kind: string) => (kind ? "module real: " : "module: ")
const onReal = (kind: string) => (kind ? ", real socket" : "")

function shareRow(counts: Counts, kind: string, call: string): Row {
  const [share, theirCall] = SHARES[call] ?? [undefined, TOLD[call]!]
  const what = `${call}${onReal(kind)} (peak ${counts.get(kind + call)!.peak})`
  const blocks = net(counts, kind + call)
  if (!counts.has(moduleKind(kind) + theirCall)) return { what, figure: `${Math.round(blocks)}` }
  const theirs = net(counts, moduleKind(kind) + theirCall)
  const ratio = blocks / theirs
  return {
    what,
    figure: `${Math.round(blocks)} of ${Math.round(theirs)} = ${ratio.toFixed(2)}`,
    ...(share !== undefined && { bar: `${share}`, passes: ratio <= share }),
  }
}

const exchangeRows = (counts: Counts, exchanges: Exchange[]): Row[] =>
  exchanges.flatMap((exchange) => [exchangeRow(counts, "", exchange), exchangeRow(counts, "real: ", exchange)])

function exchangeRow(counts: Counts, kind: string, [name, bar, ours, theirs]: Exchange): Row {
  const sum = (prefix: string, calls: string[]) => calls.reduce((all, call) => all + net(counts, prefix + call), LOOP)
  const blocks = Math.round(sum(kind, ours))
  const parts = ours.length > 1 ? ` (${ours.map((call) => Math.round(net(counts, kind + call))).join(" + ")})` : ""
  const peak = Math.max(...ours.map((call) => counts.get(kind + call)!.peak))
  const hasModule = counts.has(moduleKind(kind) + theirs[0]!)
  return {
    what: `${name}${onReal(kind)}${parts} (peak ${peak})`,
    figure: hasModule ? `${blocks}, module ${Math.round(sum(moduleKind(kind), theirs))}` : `${blocks}`,
    ...(bar !== undefined && { bar: `${bar}`, passes: blocks <= bar }),
  }
}

/** Runs calls.js; undefined when the interpreter has no counters. */
async function countCalls(
  interpreter: Interpreter,
  program: string,
  settings: Record<string, unknown>,
  moduleFile: string | undefined,
): Promise<Counts | undefined> {
  const swallow = createServer((socket) => socket.on("data", () => {}).on("error", () => {}))
  await new Promise<void>((resolve) => swallow.listen(0, "127.0.0.1", resolve))
  // The script and its own closures stand in RAM here; what a call allocates does not depend on the size of the pool.
  const chip = new Chip(interpreter, { ESPR_STACK: "1000000", ESPR_VARS: "16000" })
  try {
    const { port } = swallow.address() as AddressInfo
    chip.runScript(await script(program, { ...settings, PORT: port, HAS_MODULE: !!moduleFile }, moduleFile))
    const line = await chip.printed(/^<(results|none|failed)>/, 30_000)
    if (line.startsWith("<none>")) return undefined
    if (line.startsWith("<failed>")) throw new Error(`${program} on ${interpreter.name}: ${line}`)
    const results = JSON.parse(line.replace("<results>", "")) as Count[]
    return new Map(results.map((result) => [result.name, result]))
  } finally {
    chip.close()
    swallow.close()
  }
}

async function script(program: string, settings: Record<string, unknown>, moduleFile: string | undefined) {
  const { code } = await buildProgram(`test/vm/programs/${program}.ts`)
  return [
    'if (!E.getAllocCount) { print("<none>"); setTimeout(quit,0); throw "no counters"; }',
    ...Object.entries(settings).map(([name, value]) => `var ${name}=${JSON.stringify(value)};`),
    'Modules.addCached("Wifi","");',
    moduleFile ? `Modules.addCached("MQTT",function(exports,module){${readFileSync(moduleFile, "latin1")}\n});` : "",
    code,
    readFileSync("tools/bench/calls.js", "latin1"),
  ].join("\n")
}
