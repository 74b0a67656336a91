import type { Row } from "./report"

export const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!

/** What is timed, and what is done after each batch without being timed. */
export interface Side {
  run(): void
  after?(): void
}

/** Calls between two looks at the clock; the looks cost some 5 ns a call. */
export const BATCH = 8

/** Warm-up, and one round of one side. */
const WARM_MS = 200
const ROUND_MS = 25
const ROUNDS = 15

/** Nanoseconds a call. */
function nsPerCall({ run, after }: Side, batches: number): number {
  let spentMs = 0
  for (let batch = 0; batch < batches; batch++) {
    const startMs = performance.now()
    for (let call = 0; call < BATCH; call++) run()
    spentMs += performance.now() - startMs
    if (after) after()
  }
  return (spentMs * 1e6) / (batches * BATCH)
}

/**
 * Nanoseconds a call of each side, medians over rounds in which the sides take turns: what slows the machine for a while
 * slows all of them.
 */
export function alternate<Name extends string>(sides: Record<Name, Side>): Record<Name, number> {
  const names = Object.keys(sides) as Name[]
  const batches = names.map((name) => {
    let warm = 0
    for (const endMs = performance.now() + WARM_MS; performance.now() < endMs; warm += 100) nsPerCall(sides[name], 100)
    return Math.ceil((warm * ROUND_MS) / WARM_MS)
  })
  const rounds = Array.from({ length: ROUNDS }, () => names.map((name, at) => nsPerCall(sides[name], batches[at]!)))
  return Object.fromEntries(names.map((name, at) => [name, median(rounds.map((round) => round[at]!))])) as Record<
    Name,
    number
  >
}

/** A row: ours and theirs in nanoseconds, and how many times faster ours is. */
export function faster(what: string, ours: number, theirs: number, bar?: number): Row {
  const ratio = theirs / ours
  return {
    what,
    figure: `${Math.round(ours)} ns, theirs ${Math.round(theirs)} ns, ${ratio.toFixed(1)} times faster`,
    ...(bar !== undefined && { bar: `${bar}`, passes: ratio >= bar }),
  }
}
