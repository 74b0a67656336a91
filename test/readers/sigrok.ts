import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import os from "node:os"
import path from "node:path"

/** Why sigrok cannot be asked here; undefined when it can. */
export const WHY_NO_SIGROK = spawnSync("sigrok-cli", ["--version"]).error ? "sigrok-cli is not installed" : undefined
/** Behind the title of what is skipped without it. */
export const UNLESS_SIGROK = WHY_NO_SIGROK ? ` (skipped: ${WHY_NO_SIGROK})` : ""

export interface Question {
  /** Decoder stack such as "onewire_link:owr=GPIO5,onewire_network". */
  decoders: string
  /** What is wanted of it: "am230x=temperature:humidity". */
  annotations: string
  /** For files of steps of 1 ns: one sample for so many, and long rests cut short. */
  downsample?: number
}

/** Idle time longer than this is cut short, in samples: sigrok looks at each. 200 us of 50 ns are enough for a strip's reset. */
const IDLE_SAMPLES = 4_000

/** What sigrok makes of a VCD, an annotation a line: "Bit: 1". */
export function askSigrok(vcd: string, { decoders, annotations, downsample }: Question): string[] {
  const folder = mkdtempSync(path.join(os.tmpdir(), "motewire-sigrok-"))
  try {
    const file = path.join(folder, "wave.vcd")
    writeFileSync(file, vcd)
    const input = downsample ? `vcd:downsample=${downsample}:compress=${IDLE_SAMPLES}` : "vcd"
    const args = ["-I", input, "-i", file, "-P", decoders, "-A", annotations]
    const text = execFileSync("sigrok-cli", args, {
      encoding: "utf8",
      maxBuffer: 1e9,
      stdio: ["ignore", "pipe", "ignore"],
    })
    // Each line begins with the decoder that says it, such as "onewire_link-1: ".
    return text
      .split("\n")
      .filter(Boolean)
      .map((line) => line.replace(/^[\w-]+: /, ""))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** How a wave ends in the file, so that a decoder sees its last bit end. */
const TAIL_US = 2_000

/** Level changes as a VCD whose wires are the names in `rest`, where all begin and end: `levelsAsVcd(levels, { sda: 1, scl: 1 }, 10)`. */
export function levelsAsVcd<W extends string>(
  levels: readonly (Record<NoInfer<W>, 0 | 1> & { atUs: number })[],
  rest: Record<W, 0 | 1>,
  stepNs: number,
): string {
  const wires = Object.keys(rest) as W[]
  const values = (from: Record<W, 0 | 1>) => wires.map((wire, i) => `${from[wire]}${idOf(i)}`)
  const step = (us: number) => `#${Math.round((us * 1000) / stepNs)}`
  const lines = [
    `$timescale ${stepNs} ns $end`,
    ...wires.map((wire, i) => `$var wire 1 ${idOf(i)} ${wire} $end`),
    "$enddefinitions $end",
    "#0",
    ...values(rest),
  ]
  for (const now of levels) lines.push(step(now.atUs), ...values(now))
  lines.push(step((levels.at(-1)?.atUs ?? 0) + TAIL_US), ...values(rest))
  return `${lines.join("\n")}\n`
}

const idOf = (wire: number): string => String.fromCharCode(33 + wire)
