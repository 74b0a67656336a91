import { spawn } from "node:child_process"
import { bundledChild } from "./child"
import { print, type Row } from "./report"
import { KIND_NAMES } from "./kinds"
import type { Version } from "./sink-client"

const MESSAGES = 200_000
/** Fewer than one in so many is V8's own: code it optimises meanwhile, and the like. */
const NOISE = 1 / 10_000
/** All that is made fits: nothing is collected but when the child says so. */
const NURSERY_MB = 512
const V8_FLAGS = [
  "--expose-gc",
  "--trace-gc-object-stats",
  "--trace-gc",
  `--min-semi-space-size=${NURSERY_MB}`,
  `--max-semi-space-size=${NURSERY_MB}`,
]

/** V8's strings (src/objects/instance-type.h): bytes; two strings joined and not yet read; part of another; one that became a key. */
const STRINGS: Record<string, string> = {
  ONE_BYTE_STRING: "flat",
  CONS_ONE_BYTE_STRING: "joined",
  SLICED_ONE_BYTE_STRING: "slice",
  THIN_STRING: "key",
}

/** How many of each of V8's instance types one collection found dead. */
type Dead = Map<string, number>

/**
 * What V8 makes for a message: counted, not sampled. A full collection with --trace-gc-object-stats tells of every dead object
 * its type, and since nothing was collected in between, that is all that the messages made.
 */
export async function heap(): Promise<void> {
  const child = await bundledChild("heap-child")
  for (const version of [4, 5] as const) {
    const rows = (await deadPerKind(child, version)).map((dead, at) => rowOf(KIND_NAMES[at]!, dead))
    print(
      `Objects, arrays, closures, tables made on V8 for one message, MQTT ${version === 5 ? "5.0" : "3.1.1"}, over ${MESSAGES} of each kind`,
      rows,
    )
  }
}

function rowOf(kind: string, dead: Dead): Row {
  const perMessage = [...dead]
    .map(([type, count]) => [type.replace(/_TYPE$/, ""), count / MESSAGES] as const)
    .filter(([, n]) => n >= NOISE)
  const list = (isString: boolean) =>
    perMessage
      .filter(([type]) => type in STRINGS === isString)
      .map(([type, n]) => `${+n.toFixed(3)} ${STRINGS[type] ?? type.toLowerCase()}`)
      .join(", ")
  const objects = list(false)
  return {
    what: `${kind}; strings: ${list(true) || "none"}`,
    figure: objects || "none",
    bar: "none",
    passes: !objects,
  }
}

async function deadPerKind(child: string, version: Version): Promise<Dead[]> {
  const run = spawn(process.execPath, [...V8_FLAGS, child, `${version}`, `${MESSAGES}`], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  const collections: Dead[] = []
  let partial = ""
  run.stdout.setEncoding("latin1").on("data", (text: string) => {
    const lines = (partial + text).split("\n")
    partial = lines.pop()!
    for (const line of lines) take(line, collections)
  })
  const code = await new Promise((resolve) => run.on("close", resolve))
  if (code || collections.length !== 2 * KIND_NAMES.length)
    throw new Error(`heap-child ended with ${code} after ${collections.length} collections: raise NURSERY_MB`)
  // Of each two, the second has what was made between them.
  return collections.filter((_, at) => at % 2)
}

function take(line: string, collections: Dead[]): void {
  if (line.includes("Scavenge") && collections.length % 2) throw new Error(`collected in between: ${line}`)
  if (line.includes('"key": "dead"') && line.includes('"gc_descriptor"')) collections.push(new Map())
  const type = /"key": "dead", "type": "instance_type_data", .*"instance_type_name": "(\w+)", .*"count": (\d+)/.exec(
    line,
  )
  if (type && Number(type[2])) collections.at(-1)!.set(type[1]!, Number(type[2]))
}
