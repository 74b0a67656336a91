import type { Board } from "./boards"
import type { Problem } from "./problem"

/** How far the forecast may be off: the bar of its own test. */
const FORECAST_ERROR = 0.1

/**
 * Has the board the blocks that a program needs? `forecastBlocks` is the most that is in use at once, the program's start and
 * its busiest message included. `key` is "devices.bulb.program". Undefined when there is room to spare.
 */
export function blocksFault(
  board: Pick<Board, "name" | "memory">,
  forecastBlocks: number,
  key: string,
): { isFatal: boolean; problem: Problem } | undefined {
  const { blocks } = board.memory
  if (forecastBlocks * (1 + FORECAST_ERROR) <= blocks) return undefined
  const isFatal = forecastBlocks > blocks
  const but = isFatal ? `and ${board.name} has ${blocks} to plan for` : `close to the ${blocks} of ${board.name}`
  const reason = `the program needs some ${Math.round(forecastBlocks)} blocks of memory, ${but}`
  const less = "Leave out drivers and options it can do without: motewire build --why says what takes room."
  // What is planned with is the low end of what boards have.
  const more = " If yours has more (process.memory().total), write that into its file in boards."
  const remedy = isFatal ? less + more : less
  return { isFatal, problem: { key, reason, remedy } }
}
