import { spawn } from "node:child_process"
import type { DeviceSpec } from "../../sim/device"
import { House } from "../../sim/house"
import { atMost, print, type Row } from "./report"
import { bulbDevice, climateDevice } from "./two-boards"

const SIM_BAR_S = 2
const BUILD_BAR_S = 3
const HOUR_S = 3600

export async function speed(): Promise<void> {
  const buildS = await timed(() => command("build"))
  const commandS = await timed(() => command("sim", "--speed", "max", "--for", "1h", "--plain", "--log", "error"))
  const devices = [await climateDevice("climate", 30_000), await bulbDevice("bulb")]
  const houseS = await timed(() => run(devices, "1h"))
  const [one, other] = [await run(devices, "10min"), await run(devices, "10min")]
  const rows: Row[] = [
    atMost("motewire build, both programs, process and all", buildS, BUILD_BAR_S, "s"),
    atMost("two boards, one hour of house time, in the library", houseS, SIM_BAR_S, "s"),
    { what: "  times real time", figure: `${Math.round(HOUR_S / houseS)}` },
    { what: "the same as a command, build and start included", figure: `${commandS} s` },
    {
      what: `same seed twice, 10 min: ${one.length} trace lines`,
      figure: one.join() === other.join() ? "equal" : "differ",
      bar: "equal",
      passes: one.join() === other.join(),
    },
  ]
  print("Speed", rows)
}

/** Seconds to two decimals. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now()
  await work()
  return Math.round((performance.now() - startMs) / 10) / 100
}

function command(...args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const run = spawn(process.execPath, ["tools/motewire.mjs", ...args], { stdio: ["ignore", "ignore", "inherit"] })
    run.on("error", reject)
    run.on("close", (code) => (code ? reject(new Error(`motewire ${args.join(" ")} ended with ${code}`)) : resolve()))
  })
}

async function run(devices: DeviceSpec[], forTime: "1h" | "10min"): Promise<string[]> {
  const house = new House({ seed: 7, devices })
  house.boot()
  await house.advance(forTime)
  await house.close()
  return house.trace
}
