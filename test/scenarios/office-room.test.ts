import { existsSync } from "node:fs"
import { expect, test } from "vitest"
import { recordedRoom } from "../../sim/room"
import type { RoomRow } from "../../sim/room"
import { readClimate } from "../../tools/cli/sim/climate"
import { ROOT } from "../../tools/root"
import { homeOnline, readings } from "./home"

/** "Occupancy Detection", L. M. Candanedo and V. Feldheim (UCI, CC BY 4.0); it stands beside the repository, not in it. */
const FILE = `${ROOT}../shared/data/office-room-2015.csv`
const DAY_S = 86_400
/** Half of the sensor's step of 0.1, and what a float may add. */
const HALF_STEP = 0.05 + 1e-9

/** The rows around an instant: between them the room goes straight. */
function around(rows: RoomRow[], atS: number): [RoomRow, RoomRow] {
  const next = rows.findIndex((row) => row.atS > atS)
  return [rows[next - 1]!, rows[next]!]
}

function isBetween(value: number, a: number, b: number): boolean {
  return value >= Math.min(a, b) - HALF_STEP && value <= Math.max(a, b) + HALF_STEP
}

if (existsSync(FILE)) {
  test("a day of an office room, replayed: what is published follows the rows within the sensor's step", async () => {
    const rows = readClimate(FILE)
    const h = await homeOnline({ only: "climate", room: recordedRoom(rows) })
    await h.house.advance({ us: DAY_S * 1e6 })
    const seen = readings(h)
    expect(seen.length).toBeGreaterThan(2 * 60 * 24)
    // An answer carries the conversion before it, 30 s earlier; the first two are of the start.
    const wrong = seen.slice(2).filter(({ atUs, temperature, humidity }) => {
      const [a, b] = around(rows, atUs / 1e6 - 30)
      return !isBetween(temperature, a.temperatureC, b.temperatureC) || !isBetween(humidity, a.humidityPct, b.humidityPct)
    })
    expect(wrong).toEqual([])
    const temperatures = seen.map(({ temperature }) => temperature)
    expect(Math.max(...temperatures) - Math.min(...temperatures)).toBeGreaterThan(1) // a day, not an hour
  })
} else {
  test("the office data set is not beside this repository: replaying it was not tested", () => {
    console.log(`not found: ${FILE}; replaying an office room was not tested`)
    expect(() => readClimate(FILE)).toThrow("cannot be read")
  })
}
