import type { Chip } from "../hal/chip"
import type { Session } from "../mqtt/parts"
import type { Loop } from "./loop"

/** False in a bundle that keeps no messages over a power loss. */
declare const __PERSISTENCE__: boolean

export interface Guard {
  /** Restarts once nothing waits for the broker any more, after about 150 s at the latest. */
  restart(why: string): void
}

/** Long enough for a connect to an unreachable broker, which blocks the chip until lwIP gives up (tens of seconds). */
const WATCHDOG_S = 120
const LOOK_EVERY_MS = 5000
/** What a reconnect with its transients needs, with as much again in reserve. */
const FEW_BLOCKS = 250
/** An orderly restart waits this long for acknowledgements: longer than the longest wait between two connections. */
const LAST_WORDS_MS = 150000
/** The goodbye leaves the socket only when the chip is idle, and a reboot does not wait for it. */
const FAREWELL_MS = 300

/**
 * Keeps a program alive for years: feeds the watchdog for as long as the one timer runs, and restarts the chip in good
 * order when memory ran out, a handler was lost, Wi-Fi events have leaked too many blocks (10 to 13 each), or Storage
 * has to be compacted at boot.
 */
export function createGuard(
  chip: Chip,
  loop: Loop,
  queue: Pick<Session, "dropped" | "pending"> & Partial<Pick<Session, "_store">>,
  sayGoodbye: () => void,
): Guard {
  const store = __PERSISTENCE__ ? queue._store : undefined
  let restartAtMs = 0

  function restart(why: string): void {
    if (restartAtMs) return
    chip.warn("restarting: " + why)
    restartAtMs = chip.nowMs() + LAST_WORDS_MS
  }

  const farewell = loop.alarm(() => {
    const lost = (__PERSISTENCE__ && store ? 0 : queue.pending()) + queue.dropped
    if (lost) chip.warn(`${lost} messages lost`)
    chip.reboot()
  })

  const look = () => {
    chip.feedWatchdog()
    const flags = chip.errorFlags()
    if (flags.includes("MEMORY") || flags.includes("CALLBACK") || chip.freeBlocks() < FEW_BLOCKS)
      restart("out of memory")
    if (__PERSISTENCE__ && store && store.isLow && store.isLow()) restart("Storage is nearly full")
    if (restartAtMs && (!queue.pending() || chip.nowMs() > restartAtMs)) {
      sayGoodbye()
      farewell.set(FAREWELL_MS)
    }
  }

  chip.startWatchdog(WATCHDOG_S)
  loop.every(LOOK_EVERY_MS, look)
  // A fault is told only when its flag was down, so each has to be read at once.
  chip.onFault(look)
  return { restart }
}
