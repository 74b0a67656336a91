/** How the times of one file are written; undefined for text that is no time. Seconds, from any fixed moment. */
type TimeReader = (written: string) => number | undefined

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?)?\s*(Z|[+-]\d{2}:?\d{2})?$/
/** Year 2286 in seconds: a larger number counts milliseconds, and a thousand times that microseconds. */
const LARGEST_SECONDS = 1e10

/** The unit of epoch times is one for the whole file: it is taken from the first row, not guessed per row. */
export function timeReader(column: string[]): TimeReader {
  const first = Number(column.find((text) => text !== "") ?? "")
  if (Number.isNaN(first)) return isoSeconds
  const unit = Math.abs(first) < LARGEST_SECONDS ? 1 : Math.abs(first) < LARGEST_SECONDS * 1000 ? 1e3 : 1e6
  return (written) => {
    const value = Number(written)
    return written === "" || !Number.isFinite(value) ? undefined : value / unit
  }
}

/** Without a zone the time is taken as it stands, so that no host's summer time bends a recording. */
export function isoSeconds(written: string): number | undefined {
  const match = ISO.exec(written)
  if (!match) return undefined
  const [, year, month, day, hour = "0", minute = "0", second = "0", zone] = match
  const wholeMinutes = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute)) / 1000
  const asked = [Number(month), Number(day), Number(hour), Number(minute)].join()
  const date = new Date(wholeMinutes * 1000)
  const got = [date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours(), date.getUTCMinutes()].join()
  // 30 February and 25:00 roll over in Date.UTC instead of failing.
  const seconds = Number(second.replace(",", "."))
  if (asked !== got || seconds >= 61) return undefined
  return wholeMinutes + seconds - zoneSeconds(zone)
}

function zoneSeconds(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0
  const [, sign, hours, minutes] = /([+-])(\d{2}):?(\d{2})/.exec(zone)!
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60)
}
