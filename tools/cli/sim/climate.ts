import { readFileSync } from "node:fs"
import { CsvError, parse } from "csv-parse/sync"
import type { RoomRow } from "../../../sim/room"
import { Failure } from "../../failure"
import { timeReader } from "./climate-time"

/**
 * A recorded room from a CSV file as people publish them: any column order, common spellings, comma, semicolon or tab,
 * an unnamed leading column of row numbers (as R and pandas write it). The first row is house time 0.
 */
export function readClimate(file: string): RoomRow[] {
  let text: string
  try {
    text = readFileSync(file, "utf8")
  } catch (error) {
    throw new Failure(`${unreadable(file, (error as NodeJS.ErrnoException).code)}. Check --climate.`)
  }
  return parseClimate(text, file)
}

function unreadable(file: string, code: string | undefined): string {
  if (code === "ENOENT") return `there is no file ${file}`
  return code === "EISDIR" ? `${file} is a folder` : `${file} cannot be read (${code})`
}

const COLUMNS = {
  time: ["date", "time", "datetime", "timestamp", "dateandtime", "datetimeutc", "localtime", "utc", "ts", "createdat"],
  temperature: [
    "temperature",
    "temp",
    "t",
    "tempc",
    "temperaturec",
    "temperaturecelsius",
    "airtemperature",
    "tempdegc",
  ],
  humidity: ["humidity", "hum", "rh", "relativehumidity", "humiditypct", "relhumidity", "humidityrh", "rhpct"],
}
type Column = keyof typeof COLUMNS
/** Where each stands; a time may be split into a date and a time of day. */
type Columns = Record<Column, number[]>

interface Row {
  line: number
  cells: string[]
}

export function parseClimate(text: string, file: string): RoomRow[] {
  const [header, ...rows] = cellsOf(text, file)
  if (header === undefined) throw new Failure(`${file} is empty. A header and rows are expected.`)
  const columns = columnsOf(header, file)
  if (rows.length === 0) throw new Failure(`${file} has a header and no rows.`)
  const readTime = timeReader(rows.map((row) => cell(row, columns.time, header)))
  let startS: number | undefined
  let beforeS = -Infinity
  return rows.map((row) => {
    const refuse = (column: Column, reason: string): never => {
      throw new Failure(`${file}:${row.line}: ${header.cells[columns[column][0]]}: ${reason}`)
    }
    checkWidth(row, header, file)
    const number = (column: Column) => {
      const written = cell(row, columns[column], header)
      return toNumber(written) ?? refuse(column, `${quoted(written)} is no number.`)
    }
    const written = cell(row, columns.time, header)
    const timeS = readTime(written) ?? refuse("time", `${quoted(written)} is no time: ISO 8601 or epoch is expected.`)
    if (timeS < beforeS) refuse("time", `${quoted(written)} is earlier than the row before it. Sort the rows by time.`)
    beforeS = timeS
    startS ??= timeS
    const humidityPct = number("humidity")
    if (humidityPct < 0 || humidityPct > 100) refuse("humidity", `${humidityPct} is outside 0 to 100 %.`)
    const temperatureC = number("temperature")
    // Absolute zero; what the DHT22 can measure is the simulated part's business.
    if (temperatureC < -273.15 || temperatureC > 1000) refuse("temperature", `${temperatureC} °C cannot be.`)
    return { atS: timeS - startS, temperatureC, humidityPct }
  })
}

function cellsOf(text: string, file: string): Row[] {
  try {
    const records = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as { record: string[]; info: { lines: number } }[]
    return records.map(({ record, info }) => ({ line: info.lines, cells: record }))
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new Failure(`${file}:${error.lines ?? 1}: this is not CSV: ${error.message}`)
  }
}

/** The one of comma, semicolon and tab that the header has most of: a decimal comma appears in rows only. */
function delimiterOf(text: string): string {
  const header = text.slice(0, text.search(/[\r\n]|$/))
  const count = (mark: string) => header.split(mark).length
  return [",", ";", "\t"].reduce((best, mark) => (count(mark) > count(best) ? mark : best))
}

/** "Temperature [°C]" and "temperature_c" are the same word. */
function plainName(header: string): string {
  return header
    .toLowerCase()
    .replace(/°|º|℃|degrees?/g, "")
    .replace(/%/g, "pct")
    .replace(/[^a-z0-9]/g, "")
}

function columnsOf(header: Row, file: string): Columns {
  const names = header.cells.map(plainName)
  const find = (column: Column) => {
    const exact = names.findIndex((name) => COLUMNS[column].includes(name))
    if (exact >= 0) return exact
    // "TemperatureLivingRoom", but not one of two such, and not the humidity ratio (kg/kg) beside the humidity.
    const longer = names.filter((name) => name.startsWith(column) && !name.includes("ratio"))
    if (longer.length === 1) return names.indexOf(longer[0])
    const shown = header.cells.map(quoted).join(", ")
    throw new Failure(`${file}:${header.line}: there is no column for ${column}. Its columns are ${shown}.`)
  }
  const dateAndTime = [names.indexOf("date"), names.indexOf("time")]
  const time = dateAndTime.includes(-1) ? [find("time")] : dateAndTime
  return { time, temperature: [find("temperature")], humidity: [find("humidity")] }
}

/** Rows may have one field more than the header: a leading row number that has no name. */
const shift = (row: Row, header: Row) => (row.cells.length === header.cells.length + 1 ? 1 : 0)
const cell = (row: Row, columns: number[], header: Row) =>
  columns.map((column) => row.cells[column + shift(row, header)] ?? "").join(" ")

function checkWidth(row: Row, header: Row, file: string): void {
  const extra = row.cells.length - header.cells.length
  if (extra === 0 || extra === 1) return
  const fields = `${row.cells.length} fields where the header names ${header.cells.length}`
  throw new Failure(`${file}:${row.line}: the row has ${fields}.`)
}

function toNumber(written: string): number | undefined {
  const text = /^-?\d+,\d+$/.test(written) ? written.replace(",", ".") : written
  const value = Number(text)
  return text === "" || !Number.isFinite(value) ? undefined : value
}

const quoted = (text: string) => (text === "" ? "an empty field" : `"${text.slice(0, 40)}"`)
