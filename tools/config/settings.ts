import type { PinUse, SettingKind, SettingValue } from "../../src/device/settings-schema"
import { pinCalled, type Board } from "./boards"
import { byteLength } from "./bytes"
import { durationMs, durationText, minutesMeant } from "./duration"
import { inWords } from "./explain"
import { didYouMean } from "../../sim/nearest"
import { choosePin, goodPins, oneOf, pinsListed, pinsNamed } from "./pins"
import { misspelt, type Problem } from "./problem"

export type SettingsSchema = Record<string, SettingKind>
type Fault = Pick<Problem, "reason" | "remedy">
type PinsKind = Extract<SettingKind, { kind: "pins" }>

/** Where a setting's pin is to be, and which are none to offer instead. */
interface Header {
  board: Board
  taken: readonly string[]
}

interface Resolved {
  /** As Storage holds them: GPIO numbers, milliseconds, text. */
  values: Record<string, SettingValue>
  problems: Problem[]
  warnings: Problem[]
}

/**
 * Checks what the file says against what the program declares; `prefix` is "devices.bulb.settings". Of the pins that `parts`
 * name, too, none is offered for a setting.
 */
export function resolveSettings(
  schema: SettingsSchema,
  written: Record<string, unknown>,
  board: Board,
  prefix: string,
  parts: object = {},
): Resolved {
  // A room may well be called D23.
  const named = Object.keys(written).filter((name) => schema[name]?.kind !== "text")
  const header = { board, taken: pinsNamed(board, parts, ...named.map((name) => written[name])) }
  const result: Resolved = { values: {}, problems: [], warnings: [] }
  for (const name of Object.keys(written))
    if (!Object.hasOwn(schema, name)) result.problems.push(unknown(`${prefix}.${name}`, name, Object.keys(schema)))
  const meant = misspelt(written, Object.keys(schema))
  for (const [name, kind] of Object.entries(schema))
    if (!meant.includes(name)) resolveOne(result, kind, name, written[name], header, prefix)
  const taken = takenPins(schema, result.values)
  result.problems.push(...sharedPins(taken, header, prefix), ...beyondPwm(taken, board, prefix))
  return result
}

function resolveOne(into: Resolved, kind: SettingKind, name: string, value: unknown, header: Header, prefix: string) {
  const key = `${prefix}.${name}`
  if (kind.kind === "pins" && isRecord(value)) return resolvePins(into, kind, name, value, header, key)
  if (value === undefined) {
    const standard = kind.kind === "pin" || kind.kind === "pins" ? undefined : kind.default
    if (standard === undefined) into.problems.push({ key, ...missing(kind, name, header) })
    else into.values[name] = standard
    return
  }
  const verdict = verdictOf(kind, name, value, header)
  if (verdict.fault) into.problems.push({ key, ...verdict.fault })
  if (verdict.value !== undefined) into.values[name] = verdict.value
  into.warnings.push(...(verdict.warnings ?? []).map((warning) => ({ key, ...warning })))
}

/** The pins of a bus, each by its role. A bus of which one pin was refused has no value. */
function resolvePins(
  into: Resolved,
  { roles }: PinsKind,
  name: string,
  written: Record<string, unknown>,
  header: Header,
  key: string,
) {
  for (const role of Object.keys(written))
    if (!Object.hasOwn(roles, role)) into.problems.push(unknown(`${key}.${role}`, role, Object.keys(roles)))
  const pins = { values: {}, problems: [], warnings: into.warnings } as Resolved
  const meant = misspelt(written, Object.keys(roles))
  for (const [role, use] of Object.entries(roles))
    if (!meant.includes(role)) resolveOne(pins, { kind: "pin", use }, role, written[role], header, key)
  into.problems.push(...pins.problems)
  if (pins.problems.length + meant.length === 0)
    into.values[name] = Object.keys(roles).map((role) => pins.values[role] as number)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

function verdictOf(kind: SettingKind, name: string, value: unknown, header: Header): Verdict {
  if (kind.kind === "pin") return pinValue(kind.use, name, value, header)
  if (kind.kind === "pins") return wrong(value, "a set of pins", `Write ${pinsExample(kind, header)}`)
  return plainValue(kind, value)
}

/** `{ "sda": "GPIO21", "scl": "GPIO22" }`: the board's own pins for the first bus of these roles, else pins that would do. */
function pinsExample({ roles }: PinsKind, header?: Header): string {
  const each = Object.entries(roles).map(([role, use], at) => {
    if (!header) return `"${role}": "GPIO${21 + at}"`
    const { pins } = header.board
    const good = goodPins(header.board, use, header.taken)
    return `"${role}": "${good.find((name) => pins[name].buses?.includes(`I2C1.${role}`)) ?? good[at] ?? "..."}"`
  })
  return `{ ${each.join(", ")} }`
}

interface Verdict {
  value?: SettingValue
  fault?: Fault
  warnings?: Fault[]
}

function pinValue(use: PinUse, name: string, value: unknown, { board, taken }: Header): Verdict {
  if (typeof value !== "string") {
    const remedy = typeof value === "number" ? `Write "GPIO${value}".` : oneOf(board, use, taken)
    return { fault: { reason: `${inWords(value)} is not a pin's name`, remedy } }
  }
  const { number, problem, warnings } = choosePin(board, name, use, value, taken)
  return { value: number, fault: problem, warnings }
}

function plainValue(kind: Exclude<SettingKind, { kind: "pin" | "pins" }>, value: unknown): Verdict {
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

function exampleOf(kind: SettingKind): string {
  if (kind.kind === "duration") return `"${durationText(kind.default ?? kind.min)}"`
  if (kind.kind === "number") return String(kind.default ?? kind.min)
  if (kind.kind === "text") return JSON.stringify(kind.default ?? "text")
  if (kind.kind === "pins") return pinsExample(kind)
  return kind.kind === "flag" ? String(kind.default ?? true) : '"GPIO4"'
}

function missing(kind: SettingKind, name: string, header: Header): Fault {
  if (kind.kind === "pins")
    return { reason: "is missing: the program needs pins", remedy: `Write "${name}": ${pinsExample(kind, header)}.` }
  if (kind.kind !== "pin")
    return { reason: "is missing and has no default", remedy: `Write "${name}": ${exampleOf(kind)}.` }
  const { board, taken } = header
  const pins = goodPins(board, kind.use, taken)
  const remedy =
    pins.length > 0 ? `Write "${name}": with one of ${pinsListed(board, pins)}.` : oneOf(board, kind.use, taken)
  return { reason: "is missing: the program needs a pin", remedy }
}

const unknown = (key: string, name: string, known: string[]): Problem => ({
  key,
  reason: "the program declares no such setting",
  remedy: didYouMean(name, known),
})

export interface TakenPin {
  /** `sensor`, `bus.sda` */
  name: string
  number: number
  use: PinUse
}

/** Every pin that a setting takes. */
export function takenPins(schema: SettingsSchema, values: Record<string, SettingValue>): TakenPin[] {
  return Object.entries(schema).flatMap(([name, kind]): TakenPin[] => {
    if (!(name in values)) return []
    if (kind.kind === "pin") return [{ name, number: values[name] as number, use: kind.use }]
    if (kind.kind !== "pins") return []
    const numbers = values[name] as number[]
    return Object.entries(kind.roles).map(([role, use], at) => ({ name: `${name}.${role}`, number: numbers[at], use }))
  })
}

function sharedPins(taken: TakenPin[], { board, taken: named }: Header, prefix: string): Problem[] {
  const pins = taken.map(({ number }) => pinCalled(board, number))
  return taken.flatMap(({ name, number, use }, at) => {
    const first = taken.findIndex((each) => each.number === number)
    if (first === at) return []
    const reason = `${pins[at]} is already taken by ${taken[first].name}`
    return [
      { key: `${prefix}.${name}`, reason, remedy: `Give each setting a pin of its own. ${oneOf(board, use, named)}` },
    ]
  })
}

/** Beyond them analogWrite logs an error and the pin stays as it is; a channel is not given back before the next boot. */
function beyondPwm(taken: TakenPin[], board: Board, prefix: string): Problem[] {
  const { common } = board.firmware.pwm
  const beyond = taken.filter(({ use }) => use === "pwm").slice(common)
  return beyond.map(({ name, number }, at) => ({
    key: `${prefix}.${name}`,
    reason: `${pinCalled(board, number)} would be PWM pin ${common + at + 1}, and Espruino has ${common} channels at 5 kHz`,
    remedy: `Keep ${common} PWM pins, or put the lamp on a second board, or use an LED strip: it takes one pin and no channel.`,
  }))
}
