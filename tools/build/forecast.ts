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
  /** Beside those at rest while a message goes through. */
  work: 66,
}

/** Before any board runs it: the bundle's text is all that this looks at, so blocks by setting (300 LEDs) are not in it. */
export function forecastOf(bundle: string): Forecast {
  const rest = Math.round(COST.firmware + COST.connected + COST.func * functionsIn(bundle))
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
