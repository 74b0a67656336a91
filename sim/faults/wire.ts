import type { Alarm, Clock } from "../clock/clock"
import type { Random } from "../clock/random"
import type { Change } from "../pins/bus-wire"
import type { Disturbance } from "../pins/net"

/**
 * A rise takes its time: a pull-up too weak for the wire's capacitance. A fall is as quick as ever, since who pulls low does so
 * hard; a pulse shorter than the delay is never seen.
 */
export function slowEdge(clock: Clock, delayUs: number): Disturbance {
  return byChange(clock, ({ atUs, level }) => [{ atUs: level === 1 ? atUs + delayUs : atUs, level }])
}

/** How long a contact that parts stays open, and how often one that bounces does so. Estimates: of relays and plugs. */
const APART_US: [number, number] = [20, 2_000]
const BOUNCE_US: [number, number] = [5, 200]
const MAX_BOUNCES = 4

/**
 * A loose contact: of the edges, `share` (0 to 1) are spoilt, by the seed. Half of those come late, and not at all when the
 * wire changes again before; the other half bounce.
 */
export function looseContact(clock: Clock, random: Random, share: number): Disturbance {
  return byChange(clock, ({ atUs, level }) => {
    if (random.next() >= share) return [{ atUs, level }]
    if (random.next() < 0.5) return [{ atUs: atUs + Math.round(random.between(...APART_US)), level }]
    const changes: Change[] = [{ atUs, level }]
    for (let left = 2 * (1 + random.below(MAX_BOUNCES)) - 1; left >= 0; left--) {
      const sinceUs = Math.round(random.between(...BOUNCE_US))
      changes.push({ atUs: changes.at(-1)!.atUs + sinceUs, level: left % 2 === 0 ? level : level === 1 ? 0 : 1 })
    }
    return changes
  })
}

/** A spike from outside: as long as it lasts, the wire shows the other level. */
export const spike = (fromUs: number, untilUs: number): Disturbance => ({
  onLevel: (level, show) => show(level === 1 ? 0 : 1),
  spike: { fromUs, untilUs },
})

/** On a level of the house's own time by alarms; what is planned is dropped when the wire changes again. */
function byChange(clock: Clock, changes: (change: Change) => Change[]): Disturbance {
  let alarms: Alarm[] = []
  return {
    changes,
    onLevel(level, show) {
      for (const alarm of alarms) clock.cancel(alarm)
      const { nowUs } = clock
      const made = changes({ atUs: nowUs, level })
      alarms = made.filter(({ atUs }) => atUs > nowUs).map((late) => clock.at(late.atUs, () => show(late.level)))
      if (made[0].atUs === nowUs) show(made[0].level)
    },
  }
}
