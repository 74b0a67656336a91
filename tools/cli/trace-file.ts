import { readFileSync } from "node:fs"
import { readTrace, type Trace } from "../../sim/trace/file"
import type { TracedDevice } from "../../sim/trace/header"
import { TraceError } from "../../sim/trace/text"
import { didYouMean } from "../../sim/nearest"
import { EXIT_USAGE, Failure } from "../failure"

/** Fails with the file, and the line where it is no trace. */
export function loadTrace(file: string): Trace {
  return inTrace(file, () => readTrace(textOf(file)))
}

/** What `read` says of the trace, with the file's name in front. */
export function inTrace<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof TraceError) throw new Failure(`${file}: ${error.message}`)
    throw error
  }
}

/** The one that is named, or all. */
export function pickTraced(trace: Trace, file: string, name: string | undefined): TracedDevice[] {
  const { devices } = trace.header
  const picked = name === undefined ? devices : devices.filter((device) => device.name === name)
  if (picked.length > 0) return picked
  const known = devices.map((device) => device.name)
  throw new Failure(`there is no device "${name}" in ${file}. ${didYouMean(name ?? "", known)}`, EXIT_USAGE)
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "latin1")
  } catch (error) {
    throw new Failure(`cannot read the trace ${file}: ${(error as Error).message}.`)
  }
}
