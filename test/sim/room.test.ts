import { expect, test } from "vitest"
import { recordedRoom, syntheticRoom } from "../../sim/room"

const HOUR_US = 3_600_000_000

test("the synthetic room is the same for the same seed at any instant, in any order", () => {
  const a = syntheticRoom(5)
  const b = syntheticRoom(5)
  const late = b.at(7 * HOUR_US)
  expect(a.at(HOUR_US)).toEqual(b.at(HOUR_US))
  expect(a.at(7 * HOUR_US)).toEqual(late)
  expect(syntheticRoom(6).at(HOUR_US)).not.toEqual(a.at(HOUR_US))
})

test("the synthetic room is warmest in the afternoon and stays liveable", () => {
  const room = syntheticRoom(1)
  const day = Array.from({ length: 24 }, (_, hour) => room.at(hour * HOUR_US))
  const warmest = day.indexOf(day.reduce((a, b) => (a.temperatureC > b.temperatureC ? a : b)))
  expect(Math.abs(8 + warmest - 17)).toBeLessThanOrEqual(2)
  for (const air of day) {
    expect(air.temperatureC).toBeGreaterThan(18)
    expect(air.temperatureC).toBeLessThan(25)
    expect(air.humidityPct).toBeGreaterThan(38)
    expect(air.humidityPct).toBeLessThan(58)
  }
})

test("a recorded room is interpolated between its rows and held at its ends", () => {
  const room = recordedRoom([
    { atS: 10, temperatureC: 20, humidityPct: 40 },
    { atS: 20, temperatureC: 30, humidityPct: 60 },
    { atS: 40, temperatureC: 30, humidityPct: 50 },
  ])
  expect(room.at(0)).toEqual({ temperatureC: 20, humidityPct: 40 })
  expect(room.at(12_500_000)).toEqual({ temperatureC: 22.5, humidityPct: 45 })
  expect(room.at(30_000_000)).toEqual({ temperatureC: 30, humidityPct: 55 })
  expect(room.at(90_000_000)).toEqual({ temperatureC: 30, humidityPct: 50 })
})

test("a recorded room that is empty or out of order is refused by row", () => {
  expect(() => recordedRoom([])).toThrow(/at least one row/)
  const rows = [5, 4].map((atS) => ({ atS, temperatureC: 1, humidityPct: 1 }))
  expect(() => recordedRoom(rows)).toThrow(/row 2 .* earlier/)
})
