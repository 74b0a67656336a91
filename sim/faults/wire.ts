import type { Alarm, Clock } from "../clock/clock"
import type { Random } from "../clock/random"
import type { Disturbance } from "../pins/net"

/**
 * A rise takes its time: a pull-up too weak for the wire's capacitance. A fall is as quick as ever, since who pulls low does so
 * hard; a pulse shorter than the delay is never seen.
 */
export function slowEdge(clock: Clock, delayUs: number): Disturbance {
  let rise: Alarm | undefined
  return {
    onLevel(level, show) {
      clock.cancel(rise)
      if (level === 0) show(0)
      else rise = clock.after(delayUs, () => show(1))
    },
  }
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
  let next: Alarm | undefined
  const bounce = (level: 0 | 1, show: (level: 0 | 1) => void, left: number) => {
    show(left % 2 === 0 ? level : level === 1 ? 0 : 1)
    if (left > 0) next = clock.after(Math.round(random.between(...BOUNCE_US)), () => bounce(level, show, left - 1))
  }
  return {
    onLevel(level, show) {
      clock.cancel(next)
      if (random.next() >= share) return show(level)
      if (random.next() < 0.5) next = clock.after(Math.round(random.between(...APART_US)), () => show(level))
      else bounce(level, show, 2 * (1 + random.below(MAX_BOUNCES)))
    },
  }
}

/** A spike from outside: as long as it lasts, the wire shows the other level. */
export const spike: Disturbance = { onLevel: (level, show) => show(level === 1 ? 0 : 1) }
