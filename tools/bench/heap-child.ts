/**
 * Run by heap.ts in a process of its own, with V8's flags for it: messages of one kind after the other, each kind between
 * two full collections, of which V8 prints what it found dead.
 */
import { KIND_NAMES, kindsOf } from "./kinds"
import type { Version } from "./sink-client"

declare const gc: () => void

const version = Number(process.argv[2]) as Version
const messages = Number(process.argv[3])

let written = 0
const kinds = kindsOf(version, (bytes) => {
  written += bytes.length
})

function run(name: string, count: number): number {
  const send = kinds[name]!
  const before = written
  for (let sent = 0; sent < count; sent++) send()
  return written - before
}

// Compiled and optimised, all of them, before anything is counted.
for (let round = 0; round < 3; round++) for (const name of KIND_NAMES) run(name, messages / 4)
for (const name of KIND_NAMES) {
  run(name, messages / 4)
  gc()
  run(name, messages)
  gc()
}
