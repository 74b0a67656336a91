import { describe } from "vitest"
import { INTERPRETERS, WHY_NO_INTERPRETER, type Interpreter } from "./interpreter"
import { WHY_NO_MOSQUITTO } from "./mosquitto"

export const WHY_SKIPPED = WHY_NO_INTERPRETER ?? WHY_NO_MOSQUITTO

/** Runs a suite on every interpreter there is, side by side; skips it, and says why in its name, when one is missing. */
export function onEachInterpreter(name: string, suite: (interpreter: Interpreter) => void): void {
  if (WHY_SKIPPED)
    return describe.skip(`${name} (skipped: ${WHY_SKIPPED})`, () => suite({ name: "", file: "", isChipLike: false }))
  for (const interpreter of INTERPRETERS)
    describe.concurrent(name, () => describe.sequential(interpreter.name, () => suite(interpreter)))
}
