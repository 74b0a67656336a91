import { durationUs } from "../clock/duration"
import { didYouMean } from "../nearest"

/** What stands behind a fault's name. Times are read in microseconds. */
export type ValueKind =
  | { is: "time"; byDefault?: string }
  | { is: "number"; unit?: string; low: number; high: number; byDefault?: number }
  | { is: "word"; words: readonly string[] }

/** Given in the code or read from a text; undefined where nothing stands. */
export type Given = number | string | undefined

/** A mistake in a fault, for the user to mend: printable as it is. */
export class FaultError extends Error {}

/** As the list of faults shows it: `<time, else 50ms>`. */
export function valueText(kind: ValueKind | undefined): string {
  if (!kind) return ""
  if (kind.is === "word") return `<${kind.words.join("|")}>`
  const byDefault = kind.byDefault === undefined ? "" : `, else ${kind.byDefault}`
  if (kind.is === "time") return `<time${byDefault}>`
  const unit = kind.unit ? ` ${kind.unit}` : ""
  const range = Number.isFinite(kind.low) && Number.isFinite(kind.high) ? `${kind.low} to ${kind.high}` : "number"
  return `<${range}${unit}${byDefault}>`
}

/** A number (times in microseconds) or a word; undefined for a fault that takes nothing. Throws a FaultError. */
export function readValue(kind: ValueKind | undefined, given: Given, fault: string): number | string | undefined {
  if (!kind) {
    if (given === undefined) return undefined
    throw new FaultError(`"${fault}" takes no value, and here stands "${given}"`)
  }
  if (given === undefined && "byDefault" in kind) given = kind.byDefault
  if (given === undefined) throw new FaultError(`"${fault}" needs a value: ${fault} ${valueText(kind)}`)
  if (kind.is === "word") return readWord(kind.words, String(given), fault)
  return kind.is === "time" ? readTime(given, fault) : readNumber(kind, given, fault)
}

function readWord(words: readonly string[], given: string, fault: string): string {
  if (words.includes(given)) return given
  throw new FaultError(`"${fault} ${given}": ${didYouMean(given, words)}`)
}

export function readTime(given: number | string, what: string): number {
  try {
    if (typeof given === "string") return durationUs(given)
    if (typeof given === "number" && given >= 0) return Math.round(given)
    throw new Error(`${given} is no duration in microseconds`)
  } catch (error) {
    throw new FaultError(`${what}: ${(error as Error).message}`)
  }
}

function readNumber(kind: ValueKind & { is: "number" }, given: number | string, fault: string): number {
  const text = String(given)
  const bare = kind.unit && text.endsWith(kind.unit) ? text.slice(0, -kind.unit.length) : text
  const value = Number(bare)
  if (bare.trim() !== "" && value >= kind.low && value <= kind.high) return value
  throw new FaultError(`"${fault} ${text}": write ${fault} ${valueText(kind)}`)
}
