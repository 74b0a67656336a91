import type { HouseEvent } from "../../sim/events"
import type { House } from "../../sim/house"
import { levelOf, say, whoOf } from "../text/say"
import { clip, fit, width } from "../text/terminal"
import { follow } from "./recent"

/** What was expected of a house and did not come. Its stack begins in the test. */
export class ExpectationError extends Error {
  override name = "ExpectationError"
}

export interface Failing {
  /** Relative to the call: "+12.304 s". */
  timeOf(atUs: number): string
  failure(what: string, also?: (event: HouseEvent) => boolean): ExpectationError
}

const SHOWN = 15
const COLUMNS = 110

/** Taken when `helper` is called, so that the failure's stack is that of the call and names no file of ours. */
export function failureAt(helper: (...args: never[]) => unknown, house: House): Failing {
  const error = new ExpectationError()
  const frames = framesOf(helper)
  const fromUs = house.nowUs
  const events = follow(house)
  const timeOf = (atUs: number) => relative(atUs - fromUs)
  return {
    timeOf,
    failure(what, also = () => false) {
      error.message = `${what}\n\n${timeline(house, events, timeOf, also)}\n`
      return standing(error, frames)
    },
  }
}

/** The stack from whoever called `helper`. */
export function framesOf(helper: (...args: never[]) => unknown): string {
  const here: { stack?: string } = {}
  Error.captureStackTrace(here, helper)
  return (here.stack ?? "").slice((here.stack ?? "").indexOf("\n"))
}

/** The error as if it had been thrown there. */
export function standing<E extends Error>(error: E, frames: string): E {
  error.stack = `${error.name}: ${error.message}${frames}`
  return error
}

function relative(us: number): string {
  return `${us < 0 ? "-" : "+"}${(Math.abs(us) / 1e6).toFixed(3)} s`
}

/** Links, messages, logs, faults; of pins and parts only what is asked for, since a sensor's answer is 84 edges. */
function timeline(
  house: House,
  events: readonly HouseEvent[],
  timeOf: (atUs: number) => string,
  also: (event: HouseEvent) => boolean,
): string {
  const devices = [...house.devices.keys()]
  const shown = events.filter((event) => levelOf(event) !== "debug" || also(event)).slice(-SHOWN)
  if (!shown.length) return "Nothing happened in the house."
  const rows = shown.map((event) => [timeOf(event.atUs), whoOf(event, devices), say(event)])
  const timeColumns = Math.max(...rows.map(([time]) => time.length))
  const whoColumns = Math.max(...rows.map(([, who]) => width(who)))
  const lines = rows.map(([time, who, what]) =>
    clip(`  ${time.padStart(timeColumns)}  ${fit(who, whoColumns)}  ${what}`, COLUMNS),
  )
  return `The last events, by the time of the call:\n${lines.join("\n")}`
}
