import type { HouseEvent } from "./events"
import { traceLine } from "./trace/trace"

/** Something done to a house from outside, so that it can be done again. */
export interface Act<H> {
  /** Steps of the clock before it. */
  readonly step: number
  readonly atUs: number
  /** Events told before it, when it was done inside the step that told them (by a listener). */
  readonly event?: number
  readonly run: (house: H) => unknown
}

/** A moment of a house to go back to. It is a recipe and no copy: some bytes, whatever the house holds. */
export interface Snapshot<H> {
  readonly atUs: number
  /** Steps of the clock, and events, up to here. */
  readonly step: number
  readonly events: number
  /** Of the trace up to here. */
  readonly hash: number
  readonly acts: readonly Act<H>[]
}

/** What happened, line by line, and what was done from outside: enough to come to the same point again. */
export class History<H> {
  /** One line an event. */
  readonly trace: string[] = []
  acts: Act<H>[] = []
  private steps: number[] = []
  private hashed = 0
  private hash = FNV_OFFSET

  note(event: HouseEvent, step: number): void {
    this.trace.push(traceLine(event))
    this.steps.push(step)
  }

  /** Empty, with `acts` to come. */
  begin(acts: readonly Act<H>[]): void {
    this.trace.length = 0
    this.steps = []
    this.hashed = 0
    this.hash = FNV_OFFSET
    this.acts = [...acts]
  }

  /** Of all lines so far; costs what was added since the last time. */
  rollingHash(): number {
    for (; this.hashed < this.trace.length; this.hashed++) this.hash = rolled(this.hash, this.trace[this.hashed])
    return this.hash
  }

  /** The step that told event `index`, from 0. */
  stepOf(index: number): number {
    return this.steps[index]
  }

  /** The step before the newest `count` that told something, or before the first that did. */
  stepBefore(count: number): number {
    let index = this.steps.length - 1
    for (let left = count; left > 1 && this.steps[index] !== this.steps[0]; left--)
      index = this.steps.indexOf(this.steps[index]) - 1
    return this.steps[index] - 1
  }
}

const FNV_OFFSET = 0x811c9dc5

/** FNV-1a, 32 bit, over a line and its end. */
function rolled(hash: number, line: string): number {
  for (let i = 0; i < line.length; i++) hash = Math.imul(hash ^ line.charCodeAt(i), 0x01000193)
  return Math.imul(hash ^ 10, 0x01000193)
}

/** Where two traces part, for a person to read. */
export function firstDifference(before: readonly string[], now: readonly string[]): string {
  const index = before.findIndex((line, i) => line !== now[i])
  if (index < 0) return `first line that was not there before: ${now[before.length] ?? "none"}`
  return `first difference, event ${index + 1}:\n  before: ${before[index]}\n  now:    ${now[index] ?? "nothing more"}`
}
