/** "250us", "500ms", "10s", "5min", "1h", "2d", a combination such as "1h30min", or { us }. */
export type Duration = string | { us: number }

const US_OF_UNIT: Record<string, number> = {
  us: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
  min: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
}

const ONE = /(\d+(?:\.\d+)?)\s*(us|ms|min|s|m|h|d)\s*/y

/** Throws with a remedy when the text is no duration: a silent zero would make a test wait for nothing. */
export function durationUs(duration: Duration): number {
  if (typeof duration !== "string") {
    if (Number.isFinite((duration as { us?: unknown } | null)?.us)) return Math.round(duration.us)
    throw new Error(
      `${JSON.stringify(duration)} is no duration: write a text with a unit, such as "10s", or { us: 10 }`,
    )
  }
  let us = 0
  ONE.lastIndex = 0
  let end = 0
  for (let match = ONE.exec(duration.trim()); match; match = ONE.exec(duration.trim())) {
    us += Number(match[1]) * US_OF_UNIT[match[2]]
    end = ONE.lastIndex
  }
  if (end === 0 || end !== duration.trim().length)
    throw new Error(`"${duration}" is no duration: write a number and a unit, such as "250ms", "10s", "5min" or "1h"`)
  return Math.round(us)
}
