import type { HouseEvent } from "../events"

const BROKE = "the recording broke: "

/** Reason of the fault behind which nothing can be replayed: `motewire record` lost a piece. */
export const brokeReason = (why: string): string => BROKE + why

/** Why a recording ends with this event; undefined for every other event. */
export function whyBroken(event: HouseEvent): string | undefined {
  return event.kind === "fault" && event.reason.startsWith(BROKE) ? event.reason.slice(BROKE.length) : undefined
}
