import type { SettingKind } from "../../src/device/settings-schema"
import type { Board } from "./boards"
import { byteLength } from "./bytes"
import { durationMs, durationText, minutesMeant } from "./duration"
import { inWords } from "./explain"
import { didYouMean } from "./nearest"
import { choosePin, goodPins } from "./pins"
import { listed, type Problem } from "./problem"

export type SettingsSchema = Record<string, SettingKind>
type Fault = Pick<Problem, "reason" | "remedy">
type Value = number | string | boolean

export interface Resolved {
  /** As Storage holds them: GPIO numbers, milliseconds, text. */
  values: Record<string, Value>
  problems: Problem[]
  warnings: Problem[]
}

/** Checks what the file says against what the program declares; `prefix` is "devices.bulb.settings". */
export function resolveSettings(
  schema: SettingsSchema,
  written: Record<string, unknown>,
  board: Board,
  prefix: string,
): Resolved {
  const result: Resolved = { values: {}, problems: [], warnings: [] }
  for (const name of Object.keys(written))
    if (!Object.hasOwn(schema, name)) result.problems.push(unknown(`${prefix}.${name}`, name, Object.keys(schema)))
  for (const [name, kind] of Object.entries(schema)) resolveOne(result, kind, name, written[name], board, prefix)
  result.problems.push(...sharedPins(schema, result.values, board, prefix))
  return result
}

function resolveOne(into: Resolved, kind: SettingKind, name: string, value: unknown, board: Board, prefix: string) {
  const key = `${prefix}.${name}`
  if (value === undefined) {
    const standard = kind.kind === "pin" ? undefined : kind.default
    if (standard === undefined) into.problems.push({ key, ...missing(kind, name, board) })
    else into.values[name] = standard
    return
  }
  const verdict = kind.kind === "pin" ? pinValue(kind.use, name, value, board) : plainValue(kind, value)
  if (verdict.fault) into.problems.push({ key, ...verdict.fault })
  if (verdict.value !== undefined) into.values[name] = verdict.value
  into.warnings.push(...(verdict.warnings ?? []).map((warning) => ({ key, ...warning })))
}

interface Verdict {
  value?: Value
  fault?: Fault
  warnings?: Fault[]
}

function pinValue(use: Parameters<typeof choosePin>[2], name: string, value: unknown, board: Board): Verdict {
  if (typeof value !== "string") {
    const asName = typeof value === "number" ? `GPIO${value}` : goodPins(board, use)[0]
    return { fault: { reason: `${inWords(value)} is not a pin's name`, remedy: `Write "${asName}".` } }
  }
  const { number, problem, warnings } = choosePin(board, name, use, value)
  return { value: number, fault: problem, warnings }
}

function plainValue(kind: Exclude<SettingKind, { kind: "pin" }>, value: unknown): Verdict {
  if (kind.kind === "flag") return typeof value === "boolean" ? { value } : wrong(value, "true or false", "Write true")
  if (kind.kind === "text") return textValue(kind.maxBytes, value)
  const isTime = kind.kind === "duration"
  const number = isTime ? durationMs(value) : value
  const range = rangeOf(kind)
  const meant = isTime && typeof value === "string" && minutesMeant(value)
  const remedy = `Write ${meant ? `"${meant}"` : exampleOf(kind)}`
  if (typeof number !== "number") return wrong(value, isTime ? "a time" : "a number", remedy)
  if (number >= kind.min && number <= kind.max) return { value: number }
  return { fault: { reason: `${inWords(value)} is out of range`, remedy: `Write ${range}.` } }
}

function textValue(maxBytes: number, value: unknown): Verdict {
  if (typeof value !== "string") return wrong(value, "text", 'Write "text"')
  const bytes = byteLength(value)
  if (bytes <= maxBytes) return { value }
  return { fault: { reason: `the text has ${bytes} bytes`, remedy: `Write at most ${maxBytes} bytes.` } }
}

const wrong = (value: unknown, wanted: string, remedy: string): Verdict => ({
  fault: { reason: `${inWords(value)} is not ${wanted}`, remedy: `${remedy}.` },
})

function rangeOf(kind: { kind: "duration" | "number"; min: number; max: number }): string {
  const show = kind.kind === "duration" ? durationText : String
  return `${show(kind.min)} to ${show(kind.max)}`
}

export function exampleOf(kind: SettingKind): string {
  if (kind.kind === "duration") return `"${durationText(kind.default ?? kind.min)}"`
  if (kind.kind === "number") return String(kind.default ?? kind.min)
  if (kind.kind === "text") return JSON.stringify(kind.default ?? "text")
  return kind.kind === "flag" ? String(kind.default ?? true) : '"GPIO4"'
}

function missing(kind: SettingKind, name: string, board: Board): Fault {
  if (kind.kind !== "pin")
    return { reason: "is missing and has no default", remedy: `Write "${name}": ${exampleOf(kind)}.` }
  const pins = goodPins(board, kind.use)
  return { reason: "is missing: the program needs a pin", remedy: `Write "${name}": with one of ${listed(pins)}.` }
}

const unknown = (key: string, name: string, known: string[]): Problem => ({
  key,
  reason: "the program declares no such setting",
  remedy: didYouMean(name, known),
})

function sharedPins(schema: SettingsSchema, values: Record<string, Value>, board: Board, prefix: string): Problem[] {
  const owner = new Map<Value, string>()
  const problems: Problem[] = []
  for (const name of Object.keys(schema).filter((each) => schema[each].kind === "pin" && each in values)) {
    const first = owner.get(values[name])
    const pin = Object.keys(board.pins).find((each) => board.pins[each].number === values[name])
    if (first === undefined) owner.set(values[name], name)
    else
      problems.push({
        key: `${prefix}.${name}`,
        reason: `${pin} is already taken by ${first}`,
        remedy: "Give each setting a pin of its own.",
      })
  }
  return problems
}
