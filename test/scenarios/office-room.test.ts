import { existsSync } from "node:fs"
import { expect, test } from "vitest"
import type { DeviceSpec } from "../../sim/device"
import { recordedRoom } from "../../sim/room"
import { readClimate } from "../../tools/cli/sim/climate"
import { ROOT } from "../../tools/root"
import { homeOnline, readings } from "./home"

/** "Occupancy Detection", L. M. Candanedo and V. Feldheim (UCI, CC BY 4.0); it stands beside the repository, not in it. */
const FILE = `${ROOT}../shared/data/office-room-2015.csv`
const DAY_S = 86_400
/** Half of the sensor's step of 0.1, and what a float may add. */
const HALF_STEP = 0.05 + 1e-9

/** A reading a minute, as the data set has them. */
const INTERVAL_S = 60

function everyMinute([climate]: DeviceSpec[]): DeviceSpec[] {
  climate!.record!.s.interval = INTERVAL_S * 1000
  return [climate!]
}

function isBetween(value: number, a: number, b: number): boolean {
  return value >= Math.min(a, b) - HALF_STEP && value <= Math.max(a, b) + HALF_STEP
}

const isThere = existsSync(FILE)
const unless = isThere ? "" : " (skipped: office-room-2015.csv is not part of the repository and not beside it)"

test.skipIf(!isThere)(`a replayed office day is published within the sensor's step${unless}`, async () => {
  const rows = readClimate(FILE)
  const h = await homeOnline({ only: "climate", room: recordedRoom(rows), change: everyMinute })
  await h.house.advance({ us: DAY_S * 1e6 })
  const seen = readings(h)
  expect(seen.length).toBe(60 * 24 + 1)
  // An answer carries the conversion before it, a minute earlier; the first two are of the start.
  let next = 0
  const wrong = seen.slice(2).filter(({ atUs, temperature, humidity }) => {
    while (rows[next]!.atS <= atUs / 1e6 - INTERVAL_S) next++
    const [a, b] = [rows[next - 1]!, rows[next]!] // between two rows the room goes straight
    return !isBetween(temperature, a.temperatureC, b.temperatureC) || !isBetween(humidity, a.humidityPct, b.humidityPct)
  })
  expect(wrong).toEqual([])
  const temperatures = seen.map(({ temperature }) => temperature)
  expect(Math.max(...temperatures) - Math.min(...temperatures)).toBeGreaterThan(1) // a day, not an hour
})
