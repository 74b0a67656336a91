import type { Difference, Outcome } from "../../../sim/replay/player"
import type { HouseEvent } from "../../../sim/events"
import { traceLine } from "../../../sim/trace/trace"
import { houseTime } from "../../text/say"

export function sameText(device: string, { inputs, outputs }: Outcome, untilUs: number): string {
  return `${device}: as recorded, ${inputs} inputs and ${outputs} outputs in ${houseTime(untilUs)} of house time`
}

/** Of a board's recording that lost a piece. */
export function brokeText(device: string, atUs: number, why: string): string {
  return `${device}: from ${houseTime(atUs)} on nothing can be replayed: ${why}`
}

/** The first difference with its time and wire, what was expected and what came, and the lines around it. */
export function differenceText(device: string, difference: Difference, line?: number): string {
  const { atUs, expected, got, before, after } = difference
  const where = line === undefined ? "" : `, line ${line} of the trace`
  return [
    `${device}: differs at ${houseTime(atUs, true)} (${atUs} us) on ${wireOf((expected ?? got)!)}${where}`,
    `  expected  ${expected ? traceLine(expected) : "nothing more"}`,
    `  got       ${got ? traceLine(got) : "nothing"}`,
    "",
    ...before.map((event) => `    ${traceLine(event)}`),
    ...(expected ? [`  - ${traceLine(expected)}`] : []),
    ...(got ? [`  + ${traceLine(got)}`] : []),
    ...after.map((event) => `    ${traceLine(event)}`),
  ].join("\n")
}

function wireOf(event: HouseEvent): string {
  if ("pin" in event) return event.pin
  if (event.kind === "i2c") return `${event.sda}/${event.scl}`
  return event.kind === "net" ? `connection ${event.connection}` : event.kind
}
