import type { Stage } from "./machine"

export const emptyStage = (): Stage => ({ interpreter: undefined, kind: "boot", depth: 0 })

/**
 * V8 ended a slice after `hostMs`. If a program was running and none of our own code was, all is whole and only that program is
 * over. Otherwise the machine slept or stalled inside our code, and what was half done is unknown: throws.
 */
export function endRunaway(stage: Stage, hostMs: number, what: string): void {
  const { interpreter, depth, kind } = stage
  stage.interpreter = undefined
  stage.depth = 0
  if (!interpreter || depth > 0)
    throw new Error(`${what} was stopped inside its own code after ${hostMs} ms: its state cannot be trusted`)
  interpreter.runaway(`no return within ${hostMs} ms of host time`, kind)
}
