import { durationUs } from "../../sim/clock/duration"

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 }
/** "m" may be meant as minutes, metres or milli-. */
const BARE_M = /(\d\s*)m(?![a-z])/g

/** "30s", "1.5min", "1h30min" or a number of seconds, as milliseconds; undefined when it is none of these. */
export function durationMs(written: unknown): number | undefined {
  if (typeof written === "number") return Number.isFinite(written) ? Math.round(written * 1000) : undefined
  const us = typeof written === "string" ? writtenUs(written) : undefined
  return us === undefined ? undefined : Math.round(us / 1000)
}

/** The one grammar of times that people write, in flash.config.json and on the command line. */
export function writtenUs(text: string): number | undefined {
  if (minutesMeant(text) !== undefined) return undefined
  try {
    return durationUs(text)
  } catch {
    return undefined
  }
}

/** "10min" for "10m"; undefined for anything else. */
export function minutesMeant(text: string): string | undefined {
  const meant = text.trim().replace(BARE_M, "$1min")
  return meant === text.trim() ? undefined : meant
}

/** The largest unit that gives a whole number: 90000 is "90s", 120000 is "2min". */
export function durationText(ms: number): string {
  const unit = ["h", "min", "s"].find((each) => ms !== 0 && ms % UNIT_MS[each] === 0) ?? "ms"
  return `${ms / UNIT_MS[unit]}${unit}`
}
