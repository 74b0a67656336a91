import type { DeviceSpec } from "../../sim/device"
import { House } from "../../sim/house"
import { atLeast, atMost, print } from "./report"
import { bulbDevice, climateDevice } from "./two-boards"

const HOUR_S = 3600
/** The first hour or so is V8's: it has not compiled what runs often. */
const LONG_S = 6 * HOUR_S
const DAY_S = 86_400
/** Readings as often as a DHT22 gives them. */
const BUSY_MS = 2_000
const CALM_MS = 30_000
const SPEED_BAR = 5_000
const DAY_BAR_S = 20

/** How fast one busy board is, and a day of two. */
export async function boards(): Promise<void> {
  const busy = [await climateDevice("climate", BUSY_MS)]
  const firstHourS = await run(busy, HOUR_S, false)
  const busyS = await run(busy, LONG_S, false)
  const tracedS = await run(busy, LONG_S, true)
  const dayS = await run([await climateDevice("climate", CALM_MS), await bulbDevice("bulb")], DAY_S, false)
  print("One board and two", [
    atLeast("one board that reads every 2 s, six hours, times real time", Math.round(LONG_S / busyS), SPEED_BAR),
    { what: "  the same with its trace kept", figure: `${Math.round(LONG_S / tracedS)}` },
    { what: "  the first hour of a fresh process", figure: `${Math.round(HOUR_S / firstHourS)}` },
    atMost("two boards, a day of house time", dayS, DAY_BAR_S, "s"),
  ])
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
