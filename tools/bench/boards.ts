import type { DeviceSpec } from "../../sim/device"
import { House } from "../../sim/house"
import { atLeast, atMost, print } from "./report"
import { bulbDevice, climateDevice } from "./two-boards"

const BOARDS = 200
const HOUR_S = 3600
/** The first hour or so is V8's: it has not compiled what runs often. */
const LONG_S = 6 * HOUR_S
const DAY_S = 86_400
/** Readings as often as a DHT22 gives them. */
const BUSY_MS = 2_000
const CALM_MS = 30_000
const SPEED_BAR = 5_000
const DAY_BAR_S = 20
const BOARD_BAR_MB = 1
const MEGABYTE = 2 ** 20

/** How fast one busy board is, and a day of two, and two hundred at once; and what a board takes of the host's memory. */
export async function boards(): Promise<void> {
  // First, in a process that has reserved nothing yet: memory that V8 keeps from earlier runs would hide what boards take.
  const { boardMb, timesReal } = await crowd()
  const busy = [await climateDevice("climate", BUSY_MS)]
  const firstHourS = await run(busy, HOUR_S, false)
  const busyS = await run(busy, LONG_S, false)
  const tracedS = await run(busy, LONG_S, true)
  const dayS = await run([await climateDevice("climate", CALM_MS), await bulbDevice("bulb")], DAY_S, false)
  print("Many boards", [
    atLeast("one board that reads every 2 s, six hours, times real time", Math.round(LONG_S / busyS), SPEED_BAR),
    { what: "  the same with its trace kept", figure: `${Math.round(LONG_S / tracedS)}` },
    { what: "  the first hour of a fresh process", figure: `${Math.round(HOUR_S / firstHourS)}` },
    atMost("two boards, a day of house time", dayS, DAY_BAR_S, "s"),
    atLeast(`${BOARDS} boards in one process, times real time`, timesReal, 1),
    atMost("  memory of the process, per board", boardMb, BOARD_BAR_MB, "MB"),
  ])
}

async function crowd(): Promise<{ boardMb: number; timesReal: number }> {
  const devices: DeviceSpec[] = []
  for (let i = 0; i < BOARDS; i++) devices.push(await climateDevice(`climate${i}`, CALM_MS))
  const beforeBytes = process.memoryUsage().rss
  const house = new House({ seed: 7, devices, trace: false })
  house.boot()
  const startMs = performance.now()
  await house.advance("10min")
  const tookMs = performance.now() - startMs
  const boardMb = (process.memoryUsage().rss - beforeBytes) / BOARDS / MEGABYTE
  await house.close()
  return { boardMb: Math.round(boardMb * 100) / 100, timesReal: Math.round(600_000 / tookMs) }
}

/** Seconds that a run of `forS` seconds takes. */
async function run(devices: DeviceSpec[], forS: number, trace: boolean): Promise<number> {
  const house = new House({ seed: 7, devices, trace })
  house.boot()
  const startMs = performance.now()
  await house.advance(`${forS}s`)
  await house.close()
  return Math.round((performance.now() - startMs) / 10) / 100
}
