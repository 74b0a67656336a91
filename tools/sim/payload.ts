import type { Duration } from "../../sim/clock/duration"
import { readable } from "../text/terminal"

/** The whole text, a pattern, fields of a JSON object, or a question to the text. */
export type Payload = string | RegExp | { [field: string]: unknown } | ((text: string) => boolean)

/** Texts are compared as text: what travels is its UTF-8. */
export function payloadMatches(wanted: Payload | undefined, bytes: string): boolean {
  if (wanted === undefined) return true
  const text = Buffer.from(bytes, "latin1").toString("utf8")
  if (typeof wanted === "string") return text === wanted
  if (wanted instanceof RegExp) return new RegExp(wanted.source, wanted.flags.replace(/[gy]/g, "")).test(text)
  if (typeof wanted === "function") return wanted(text)
  try {
    return contains(JSON.parse(text), wanted)
  } catch {
    return false
  }
}

/** Every field that is wanted is there and equal; further ones do not matter. */
function contains(value: unknown, wanted: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) return Object.is(value, wanted)
  if (typeof value !== "object" || value === null || Array.isArray(value) !== Array.isArray(wanted)) return false
  if (Array.isArray(wanted) && wanted.length !== (value as unknown[]).length) return false
  return Object.entries(wanted).every(([name, field]) => contains((value as Record<string, unknown>)[name], field))
}

export const payloadText = (bytes: string): string => readable(bytes)

/** As a test would write it. */
export function textOf(value: Payload | Duration): string {
  if (typeof value === "string" || value instanceof RegExp) return String(value)
  if (typeof value === "object" && typeof value["us"] === "number") return `${value["us"] / 1e6} s`
  return JSON.stringify(value)
}
