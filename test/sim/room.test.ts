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

test("the synthetic room has weather about 1013 hPa that changes slowly, and the same for the same seed", () => {
  const room = syntheticRoom(3)
  const hours = Array.from({ length: 24 * 14 }, (_, hour) => room.at(hour * HOUR_US).pressureHpa!)
  expect(Math.min(...hours)).toBeGreaterThan(1001)
  expect(Math.max(...hours)).toBeLessThan(1026)
  expect(Math.max(...hours) - Math.min(...hours)).toBeGreaterThan(5)
  for (let i = 1; i < hours.length; i++) expect(Math.abs(hours[i] - hours[i - 1])).toBeLessThan(1.5)
  expect(syntheticRoom(3).at(HOUR_US)).toEqual(room.at(HOUR_US))
  expect(syntheticRoom(4).at(HOUR_US).pressureHpa).not.toBe(room.at(HOUR_US).pressureHpa)
})

test("daylight comes at 06:00 and goes at 18:00; the house starts at 08:00", () => {
  const lux = (hour: number) => syntheticRoom(1).at((hour - 8) * HOUR_US).lux!
  expect([lux(19), lux(24), lux(29)]).toEqual([0, 0, 0])
  expect(lux(12)).toBeGreaterThan(lux(8))
  expect(lux(31)).toBeGreaterThan(0)
})

test("a recorded room has pressure and light when its rows do", () => {
  const bare = { atS: 0, temperatureC: 20, humidityPct: 40 }
  expect(recordedRoom([bare]).at(0)).toEqual({ temperatureC: 20, humidityPct: 40 })
  const full = [
    { ...bare, pressureHpa: 1000, lux: 0 },
    { ...bare, atS: 10, pressureHpa: 1010, lux: 100 },
  ]
  expect(recordedRoom(full).at(5_000_000)).toMatchObject({ pressureHpa: 1005, lux: 50 })
})
