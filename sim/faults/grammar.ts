import type { Duration } from "../clock/duration"
import type { BROKER, DEVICE, NETWORK, WIFI, WIRE } from "./tables"
import { FaultError, readTime } from "./value"

/** When it happens: house time since the start, and now when absent. */
export interface FaultTimes {
  at?: Duration
  /** How long it lasts; without, to the end of the run. */
  for?: Duration
  /** From one beginning to the next. */
  every?: Duration
}

type Of<T extends string, F extends string> = { target: T; fault: F; value?: number | string }

/** Things by type. A part's faults are the fields of its `faults`, in lower case with hyphens. */
export type Fault = FaultTimes &
  (
    | Of<"wifi", keyof typeof WIFI>
    | Of<"network", keyof typeof NETWORK>
    | Of<"broker", keyof typeof BROKER>
    /** A wire such as "climate.GPIO4" or "climate.dht22.data", or a part such as "climate.dht22". */
    | Of<`${string}.${string}`, keyof typeof WIRE | (string & {})>
    /** A board by its name. */
    | Of<string, keyof typeof DEVICE>
  )

/** Names by a target that the code spells out; any for one that only the run knows. */
type NameFor<T extends string> = string extends T
  ? string
  : T extends keyof Fixed
    ? Fixed[T]
    : T extends `${string}.${string}`
      ? string
      : keyof typeof DEVICE

interface Fixed {
  wifi: keyof typeof WIFI
  network: keyof typeof NETWORK
  broker: keyof typeof BROKER
}

/** With `target` as its literal: "wifi" is no board then, which a union over `string` cannot say. */
export type FaultOn<T extends string> = Fault & { target: T; fault: NameFor<T> }

/** Read, but not yet compared with what there is. */
export interface Wanted {
  readonly target: string
  readonly fault: string
  readonly value: number | string | undefined
  readonly atUs: number | undefined
  readonly forUs: number | undefined
  readonly everyUs: number | undefined
}

export const FAULT_GRAMMAR = "target: fault [value] [@ time] [for duration] [every duration]"

const WHOLE = /^([^:\s]+)\s*:\s*([a-z0-9-]+)(.*)$/i
const TIMES = /(?:^|\s)(@|for\s|every\s)/

/** Throws a FaultError for a text that is none. */
export function parseFault(text: string): Wanted {
  const match = WHOLE.exec(text.trim())
  if (!match) throw new FaultError(`write "${FAULT_GRAMMAR}"`)
  const [, target, fault, rest] = match
  const [value, ...times] = rest.split(TIMES)
  const found: Partial<Record<string, string>> = {}
  for (let i = 0; i < times.length; i += 2) {
    const word = times[i].trim()
    if (found[word] !== undefined) throw new FaultError(`"${word}" stands there twice`)
    found[word] = times[i + 1].trim()
  }
  return wanted(target, fault, value.replaceAll(/\s/g, "") || undefined, found["@"], found["for"], found["every"])
}

export function wantedOf(fault: Fault): Wanted {
  if (!fault.target || !fault.fault)
    throw new FaultError(`"target" and "fault" say what happens, and here one is missing`)
  return wanted(fault.target, fault.fault, fault.value, fault.at, fault.for, fault.every)
}

function wanted(
  target: string,
  fault: string,
  value: Wanted["value"],
  ...[at, lasts, every]: (Duration | undefined)[]
): Wanted {
  const us = (duration: Duration | undefined, word: string) =>
    duration === undefined ? undefined : readTime(typeof duration === "object" ? duration.us : duration, word)
  return { target, fault, value, atUs: us(at, "@"), forUs: us(lasts, "for"), everyUs: us(every, "every") }
}

/** Which parts of a wish do not go together. */
export function checkTimes({ fault, atUs, forUs, everyUs }: Wanted, lasts: boolean, nowUs: number): void {
  if (atUs !== undefined && atUs < nowUs)
    throw new FaultError(`"@ ${atUs / 1e6}s" is past: the house is at ${nowUs / 1e6} s`)
  if (!lasts && forUs !== undefined) throw new FaultError(`"${fault}" is over by itself: leave out "for"`)
  if (lasts && everyUs !== undefined && forUs === undefined)
    throw new FaultError(`"${fault}" lasts: with "every" it needs a "for" as well`)
  if (everyUs !== undefined && everyUs <= (forUs ?? 0))
    throw new FaultError(`"every" must be longer than ${forUs === undefined ? "nothing" : `"for"`}`)
}
