import { parse, type AnyNode } from "acorn"

/** Blocks (JsVars of 14 bytes) that a program will take of its board. */
export interface Forecast {
  /** Connected, between two messages; the firmware's own included. */
  rest: number
  /** The most at one time, in a call. */
  peak: number
}

/**
 * Fitted to the two programs that ship and to every example, pretokenised in Storage and connected, on the interpreter
 * with the chip's settings (2v29): `npm run bench -- forecast` compares.
 */
const COST = {
  /** In use after boot with no program. */
  firmware: 56,
  /** Socket, Wi-Fi's listeners, timers, tables, settings: what any connected program holds beside its text. */
  connected: 341,
  /** A function, its parameters, the scope it was made in and its share of the variables. */
  func: 7.16,
  /** A slot of the queue beyond the 8 that every program has: 2 at 20, 100 and 300 slots alike. */
  slot: 2,
  /** Beside those at rest while a message goes through. */
  work: 66,
}

/** What src/device/program.ts takes where a program says nothing. */
const SLOTS = 8

/**
 * Before any board runs it, from the bundle's functions and the length of its queue. What a setting sizes (300 LEDs) and other
 * tables (`maxSubscriptions`, a program's own arrays) are not in it, nor what boot or a reconnect takes for a moment.
 */
export function forecastOf(bundle: string, maxQueued = SLOTS): Forecast {
  const rest = Math.round(
    COST.firmware + COST.connected + COST.func * functionsIn(bundle) + COST.slot * (maxQueued - SLOTS),
  )
  return { rest, peak: rest + COST.work }
}

function functionsIn(code: string): number {
  let count = 0
  const visit = (node: AnyNode): void => {
    if (/Function/.test(node.type)) count++
    for (const part of Object.values(node).flat()) if (typeof part?.type === "string") visit(part)
  }
  visit(parse(code, { ecmaVersion: 2020 }))
  return count
}
