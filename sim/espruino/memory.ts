import { untokenised } from "./tokens"

/**
 * A model of the chip's blocks (JsVars), not a measurement: costs of what the program holds through the chip's functions
 * (Espruino 2v29, 14-byte blocks), a share per function of the program, and leaks. Variables of the program are not seen.
 * It shows growth, leaks and unbounded queues; the real figures come from the real interpreter (test/vm).
 */
export const COST = {
  /** In use after boot with no program. */
  base: 56,
  /**
   * Per function of the bundle, with the variables around it. Fitted to four programs in the real interpreter with the
   * chip's settings: climate 1,157, bulb 1,147, greenhouse 1,236, button-relay 1,083 blocks at rest, all within 3 %.
   */
  func: 11,
  timeout: 5,
  interval: 7,
  watch: 11,
  watchDebounced: 14,
  socket: 38,
  handler: 4,
  promise: 9,
  /** Leaked per Wi-Fi event, with or without a listener. */
  wifiDisconnected: 13,
  wifiAssociated: 10,
  wifiConnected: 11,
} as const

/** A chain: 9 characters in the first block, 10 in each further one. */
export function stringBlocks(length: number): number {
  return length <= 9 ? 1 : 1 + Math.ceil((length - 9) / 10)
}

/** A boot file that gives another program to eval: what it works with is gone when that one begins. */
const EVAL_ARGUMENT = /^eval\([^]*\)(?=;|$)/

export class Memory {
  used: number = COST.base
  leaked = 0
  /** Highest use since boot. */
  peak: number = COST.base

  constructor(readonly total: number) {}

  /** A program is read at boot: a file of Storage, or what such a file gives to eval. */
  hold(program: string): void {
    const kept = untokenised(program).replace(EVAL_ARGUMENT, "")
    this.take(COST.func * (kept.match(/\bfunction\b|=>/g)?.length ?? 0))
  }

  take(blocks: number): void {
    this.used += blocks
    if (this.used > this.peak) this.peak = this.used
  }

  give(blocks: number): void {
    this.used -= blocks
  }

  leak(blocks: number): void {
    this.leaked += blocks
    this.take(blocks)
  }

  /** Below 5 % the firmware collects garbage when idle, and says LOW_MEMORY. */
  isTight(): boolean {
    return this.total - this.used < this.total / 20
  }

  hasRoom(blocks: number): boolean {
    return this.used + blocks <= this.total
  }
}
