import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { parseClimate, readClimate } from "../../tools/cli/sim/climate"
import { isoSeconds } from "../../tools/cli/sim/climate-time"

const rows = (text: string) => parseClimate(text, "room.csv")
const told = (text: string): string => {
  try {
    rows(text)
  } catch (error) {
    return (error as Error).message
  }
  return "accepted"
}

const TWO_ROWS = [
  { atS: 0, temperatureC: 21.5, humidityPct: 40 },
  { atS: 60, temperatureC: 22, humidityPct: 41.5 },
]

test.each([
  ["plain", "time,temperature,humidity\n2026-01-01T00:00:00Z,21.5,40\n2026-01-01T00:01:00Z,22,41.5\n"],
  ["other order, no zone", "humidity,temperature,time\n40,21.5,2026-01-01 00:00:00\n41.5,22,2026-01-01 00:01:00\n"],
  ["semicolons, decimal commas, CRLF", "Zeit;Time;Temp;RH\r\nx;1700000000;21,5;40\r\nx;1700000060;22;41,5\r\n"],
  [
    "tabs, milliseconds",
    "timestamp\tTemperature °C\tRelativeHumidity\n1700000000000\t21.5\t40\n1700000060000\t22\t41.5",
  ],
  [
    "quotes, units, byte order mark",
    '\uFEFF"Date/Time","Temperature [°C]","Humidity (%)"\n"2026-01-01 00:00","21.5","40"\n"2026-01-01 00:01","22","41.5"\n',
  ],
  ["date and time apart", "date,time,temp,hum\n2026-01-01,23:59:30,21.5,40\n2026-01-02,00:00:30,22,41.5\n"],
  ["zones", "time,temperature,humidity\n2026-01-01T01:00:00+01:00,21.5,40\n2025-12-31T19:01-0500,22,41.5\n"],
  [
    "row numbers without a name",
    '"time","temperature","humidity"\n"1","2026-01-01 00:00:00",21.5,40\n"2","2026-01-01 00:01:00",22,41.5\n',
  ],
  ["empty lines, spaces", "time, temperature, humidity\n\n1700000000, 21.5, 40\n\n1700000060, 22, 41.5\n\n"],
  [
    "longer names, a humidity ratio beside",
    "ts,humidityratio,temperatureoffice,humidityoffice\n0,0.01,21.5,40\n60,0.01,22,41.5",
  ],
])("reads a file with %s", (_what, text) => {
  expect(rows(text)).toEqual(TWO_ROWS)
})

const HEAD = "time,temperature,humidity\n"

test.each([
  [`${HEAD}0,21,40\n60,warm,41\n`, 'room.csv:3: temperature: "warm" is no number.'],
  [`${HEAD}0,21,40\n60,21,\n`, "room.csv:3: humidity: an empty field is no number."],
  [`${HEAD}0,21,40\n\n\n60,21,140\n`, "room.csv:5: humidity: 140 is outside 0 to 100 %."],
  [`${HEAD}0,21,40\n60,-300,40\n`, "room.csv:3: temperature: -300 °C cannot be."],
  [`${HEAD}60,21,40\n0,21,40\n`, 'room.csv:3: time: "0" is earlier than the row before it. Sort the rows by time.'],
  [
    `${HEAD}2026-02-30 10:00,21,40\n`,
    'room.csv:2: time: "2026-02-30 10:00" is no time: ISO 8601 or epoch is expected.',
  ],
  [`${HEAD}yesterday,21,40\n`, 'room.csv:2: time: "yesterday" is no time: ISO 8601 or epoch is expected.'],
  [`${HEAD}0,21\n`, "room.csv:2: the row has 2 fields where the header names 3."],
  [`${HEAD}0,21,40,1,2\n`, "room.csv:2: the row has 5 fields where the header names 3."],
  ["time,temperature\n0,21\n", 'room.csv:1: there is no column for humidity. Its columns are "time", "temperature".'],
  [
    "time,temperature1,temperature2,rh\n",
    'room.csv:1: there is no column for temperature. Its columns are "time", "temperature1", "temperature2", "rh".',
  ],
  [HEAD, "room.csv has a header and no rows."],
  ["", "room.csv is empty. A header and rows are expected."],
  [`${HEAD}0,"21,40\n`, "room.csv:2: this is not CSV"],
])("names what is wrong in %j", (text, message) => {
  expect(told(text)).toContain(message)
})

test("a file that is not there is named", () => {
  expect(() => readClimate("/nowhere.csv")).toThrow("there is no file /nowhere.csv. Check --climate.")
})

test("times that do not exist are no times", () => {
  expect(isoSeconds("2026-13-01")).toBeUndefined()
  expect(isoSeconds("2026-01-01 24:00")).toBeUndefined()
  expect(isoSeconds("2024-02-29")).toBe(Date.UTC(2024, 1, 29) / 1000)
  expect(isoSeconds("2026-01-01T00:00:00.250Z")! % 1).toBe(0.25)
})

const OFFICE = fileURLToPath(new URL("../../../shared/data/office-room-2015.csv", import.meta.url))

const isThere = existsSync(OFFICE)
const unless = isThere ? "" : " (skipped: office-room-2015.csv is not part of the repository and not beside it)"

test.skipIf(!isThere)(`the published office recording is read row numbers and all${unless}`, () => {
  const office = readClimate(OFFICE)
  expect(office.length).toBe(8143)
  expect(office[0]).toEqual({ atS: 0, temperatureC: 23.18, humidityPct: 27.272 })
  expect(office[1]).toEqual({ atS: 59, temperatureC: 23.15, humidityPct: 27.2675 })
})
