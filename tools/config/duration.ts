const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 }
const WRITTEN = /^(\d+(?:\.\d+)?)\s*(ms|s|min|h)$/

/** "30s", "1.5min", "500ms", "1h" or a number of seconds, as milliseconds; undefined when it is none of these. */
export function durationMs(written: unknown): number | undefined {
  if (typeof written === "number") return Number.isFinite(written) ? Math.round(written * 1000) : undefined
  const [, amount, unit] = WRITTEN.exec(String(written).trim()) ?? []
  return unit === undefined ? undefined : Math.round(Number(amount) * UNIT_MS[unit])
}

/** The largest unit that gives a whole number: 90000 is "90s", 120000 is "2min". */
export function durationText(ms: number): string {
  const unit = ["h", "min", "s"].find((each) => ms !== 0 && ms % UNIT_MS[each] === 0) ?? "ms"
  return `${ms / UNIT_MS[unit]}${unit}`
}
