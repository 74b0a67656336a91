import { describe } from "vitest"
import { INTERPRETERS, WHY_NO_INTERPRETER, type Interpreter } from "./interpreter"
import { WHY_NO_MOSQUITTO } from "../brokers/mosquitto"

export const WHY_SKIPPED = WHY_NO_INTERPRETER ?? WHY_NO_MOSQUITTO

/** Runs a suite on every interpreter there is, side by side; skips it, and says why in its name, when one is missing. */
export function onEachInterpreter(name: string, suite: (interpreter: Interpreter) => void): void {
  const all = WHY_SKIPPED ? [{ name: `skipped: ${WHY_SKIPPED}`, file: "", isChipLike: false }] : INTERPRETERS
  for (const interpreter of all)
    describe.skipIf(WHY_SKIPPED).concurrent(name, () => {
      describe.sequential(interpreter.name, () => {
        suite(interpreter)
      })
    })
}
