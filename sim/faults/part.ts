import type { Part } from "../parts/part"
import type { FaultKind, FaultTable } from "./kind"
import type { ValueKind } from "./value"

/** What the class of a part's `faults` says of its fields. */
interface FieldFacts {
  /** Of fields that take a number. */
  limits?: Record<string, readonly [low: number, high: number]>
  /** What a user reads of each, in half a line. */
  texts?: Record<string, string>
}

/** A part's own faults: each field of its `faults` by its name, `flipBit` as `flip-bit`. None for a part without. */
export function partFaults(part: Part): FaultTable<Part> {
  const { faults } = part as { faults?: Record<string, unknown> }
  if (!faults) return {}
  const facts = faults.constructor as FieldFacts
  const entries = fieldsOf(faults).map((field): [string, FaultKind<Part>] => [
    kebab(field),
    fieldFault(faults, field, facts),
  ])
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function fieldFault(
  faults: Record<string, unknown>,
  field: string,
  { limits = {}, texts = {} }: FieldFacts,
): FaultKind<Part> {
  const isFlag = typeof faults[field] === "boolean"
  const [low, high] = limits[field] ?? [-Infinity, Infinity]
  const value: ValueKind | undefined = isFlag ? undefined : { is: "number", low, high }
  return {
    text: texts[field],
    value,
    begin: (_, given: number | undefined, { overrides }) => overrides.set(faults, field, isFlag ? true : given),
  }
}

/** Fields that hold a flag, a number or nothing yet; accessors too, and then not the field `isX` that stands behind `x`. */
function fieldsOf(faults: Record<string, unknown>): string[] {
  const accessors = accessorsOf(Object.getPrototypeOf(faults))
  const behind = new Set(accessors.map((name) => `is${name[0].toUpperCase()}${name.slice(1)}`))
  const own = Object.keys(faults).filter((name) => !behind.has(name))
  return [...accessors, ...own].filter((name) => ["boolean", "number", "undefined"].includes(typeof faults[name]))
}

/** Those of the class and of the classes that it extends. */
function accessorsOf(prototype: object): string[] {
  if (prototype === Object.prototype) return []
  const own = Object.entries(Object.getOwnPropertyDescriptors(prototype)).filter(([, { set }]) => set)
  return [...own.map(([name]) => name), ...accessorsOf(Object.getPrototypeOf(prototype))]
}

const kebab = (field: string): string => field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
