import type { HouseEvent } from "../../sim/events"
import type { House } from "../../sim/house"

/** Enough for the last minute of a talkative board. */
const KEPT = 2_000

const followed = new WeakMap<House, HouseEvent[]>()

/** The newest events of a house since the first call, oldest first. */
export function follow(house: House): readonly HouseEvent[] {
  const known = followed.get(house)
  if (known) {
    // After a restore: what is still to come was heard in another run.
    while (known.length && known.at(-1)!.atUs > house.nowUs) known.pop()
    return known
  }
  const events: HouseEvent[] = []
  followed.set(house, events)
  house.on((event) => {
    events.push(event)
    if (events.length > 2 * KEPT) events.splice(0, KEPT)
  })
  return events
}
