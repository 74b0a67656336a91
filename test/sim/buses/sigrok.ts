import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Level } from "../../../sim/buses/one-wire-wave"

/** Why sigrok cannot be asked; empty when it can. */
export const WHY_NO_SIGROK = spawnSync("sigrok-cli", ["--version"]).status === 0 ? "" : "sigrok-cli is not installed"

/** How a wave ends in the file, so that a decoder sees its last bit end. */
const TAIL_US = 2_000

/** One wire's level changes as a VCD, read by a decoder of sigrok's: its annotations, such as "onewire_link-1: Bit: 1". */
export function askSigrok(levels: Level[], rest: 0 | 1, decoder: string, annotations: string, stepNs = 1000): string[] {
  const folder = mkdtempSync(join(tmpdir(), "motewire-sigrok-"))
  try {
    const file = join(folder, "wire.vcd")
    writeFileSync(file, vcd(levels, rest, stepNs))
    const out = execFileSync("sigrok-cli", ["-i", file, "-I", "vcd", "-P", decoder, "-A", annotations], {
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    })
    return out.split("\n").filter(Boolean)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function vcd(levels: Level[], rest: 0 | 1, stepNs: number): string {
  const step = (us: number) => Math.round((us * 1000) / stepNs)
  const lines = [`$timescale ${stepNs} ns $end`, "$var wire 1 ! wire $end", "$enddefinitions $end", "#0", `${rest}!`]
  for (const { atUs, level } of levels) lines.push(`#${step(atUs)}`, `${level}!`)
  lines.push(`#${step((levels.at(-1)?.atUs ?? 0) + TAIL_US)}`, `${rest}!`)
  return lines.join("\n") + "\n"
}
