import { execFileSync, spawnSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import path from "node:path"
import { temporaryFolder } from "./folder"

/** Why nothing is read by sigrok here; undefined when it is there. */
export const WHY_NO_SIGROK = spawnSync("sigrok-cli", ["--version"]).error ? "sigrok-cli is not installed" : undefined

export interface Reading {
  /** Decoder stack such as "onewire_link:owr=GPIO5,onewire_network". */
  decoders: string
  /** What is wanted of it: "am230x=temperature:humidity". */
  annotations: string
  /** Of 10 ns: what is between is left out, which a slow protocol does not miss. */
  downsample: number
}

/** Idle time longer than this is cut short, in samples: sigrok looks at each. 200 us of 50 ns are enough for a strip's reset. */
const IDLE_SAMPLES = 4_000

/** What sigrok makes of a VCD, line by line. */
export function decode(vcd: string, { decoders, annotations, downsample }: Reading): string[] {
  const file = path.join(temporaryFolder(), "wave.vcd")
  writeFileSync(file, vcd)
  const input = `vcd:downsample=${downsample}:compress=${IDLE_SAMPLES}`
  const args = ["-I", input, "-i", file, "-P", decoders, "-A", annotations]
  const text = execFileSync("sigrok-cli", args, {
    encoding: "utf8",
    maxBuffer: 1e9,
    stdio: ["ignore", "pipe", "ignore"],
  })
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => line.replace(/^[\w-]+: /, ""))
}
