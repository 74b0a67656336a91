import { execFileSync } from "node:child_process"
import { bundledChild } from "./child"
import { atLeast, atMost, print } from "./report"
import { climateDevice } from "./two-boards"

const BOARDS = 200
const CALM_MS = 30_000
const BOARD_BAR_MB = 1
const MEGABYTE = 2 ** 20
const RUNS = 3

/** Of a process, in bytes. */
export interface Memory {
  /** Of the system, right after a full collection. */
  rssBytes: number
  /** Objects that are alive. */
  heapBytes: number
  /** Of the system, before the collection: garbage that V8 let lie is in it, some ten per cent more or less from run to run. */
  uncollectedBytes: number
}

/** What one run of the child tells. */
export interface Crowd {
  /** With the simulator loaded, before there is a house. */
  empty: Memory
  /** All boards run their programs. */
  booted: Memory
  /** One hour of house time later. */
  hour: Memory
  timesReal: number
}

/** Two hundred boards at once: how fast, and what each takes of the host's memory. The worst of some fresh processes. */
export async function crowd(): Promise<void> {
  const child = await bundledChild("crowd-child")
  const spec = JSON.stringify(await climateDevice("climate", CALM_MS))
  const runs = Array.from({ length: RUNS }, () => runOf(child, spec))
  const worst = (moment: "booted" | "hour", what: keyof Memory) =>
    Math.max(...runs.map((run) => perBoardMb(run[moment][what] - run.empty[what])))
  print(`${BOARDS} boards in one process, the worst of ${RUNS}`, [
    atLeast("times real time", Math.round(Math.min(...runs.map(({ timesReal }) => timesReal))), 1),
    atMost(
      "memory of the process, per board, an hour of house time after boot",
      worst("hour", "rssBytes"),
      BOARD_BAR_MB,
      "MB",
    ),
    { what: "  of it objects that are alive", figure: `${worst("hour", "heapBytes")} MB` },
    { what: "  right after boot", figure: `${worst("booted", "rssBytes")} MB` },
    { what: "  of it objects that are alive", figure: `${worst("booted", "heapBytes")} MB` },
    {
      what: "  an hour after boot, with what V8 has not collected yet",
      figure: `${worst("hour", "uncollectedBytes")} MB`,
    },
  ])
}

function runOf(child: string, spec: string): Crowd {
  const text = execFileSync(process.execPath, ["--expose-gc", child, spec, `${BOARDS}`], { encoding: "utf8" })
  return JSON.parse(text) as Crowd
}

const perBoardMb = (bytes: number): number => Math.round((bytes / BOARDS / MEGABYTE) * 100) / 100
