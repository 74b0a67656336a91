import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises"

/** What can be turned: a house, or anything with a time and slices. */
export interface Turnable {
  readonly nowUs: number
  /** Works up to `untilUs` or to the end of its slice of host time; true when `untilUs` was reached. */
  turn(untilUs: number): boolean
}

interface PaceOptions {
  /** House seconds per host second, or "max". */
  speed: number | "max"
  /** House time at which to stop; never when absent. */
  untilUs?: number
  signal?: AbortSignal
  /** Host milliseconds between two turns in real time. 10: a person sees no step, and it costs 1 % of a core. */
  tickMs?: number
}

/** Who turns the clock is outside the house: the same alarms run at the same house time whatever the pace. */
export async function pace(house: Turnable, options: PaceOptions): Promise<void> {
  if (options.speed === "max") await turnFast(house, options.untilUs ?? Infinity, options.signal)
  else await turnPaced(house, options as PaceOptions & { speed: number })
}

export async function turnFast(house: Turnable, untilUs: number, signal?: AbortSignal): Promise<void> {
  await repeat(() => Boolean(signal?.aborted) || house.turn(untilUs))
}

/** Works slice by slice until one says that it was the last; between slices the host's own events run. */
export async function repeat(slice: () => boolean): Promise<void> {
  while (!slice()) await nextTurn()
}

async function turnPaced(house: Turnable, options: PaceOptions & { speed: number }): Promise<void> {
  const { speed, untilUs = Infinity, signal, tickMs = 10 } = options
  let startedMs = performance.now()
  let fromUs = house.nowUs
  while (!signal?.aborted && house.nowUs < untilUs) {
    const dueUs = Math.min(untilUs, Math.floor(fromUs + (performance.now() - startedMs) * 1000 * speed))
    if (house.turn(dueUs)) await sleep(tickMs, undefined, { signal }).catch(() => undefined)
    else await nextTurn()
    // A suspended laptop must not be answered by hours of catching up: a lag of more than 1 s is forgotten.
    if (dueUs - house.nowUs > 1_000_000 * speed) {
      startedMs = performance.now()
      fromUs = house.nowUs
    }
  }
}
