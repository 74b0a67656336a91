import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { BoardConsole } from "../../tools/flash/console"
import { watchTrial } from "../../tools/flash/trial"
import type { SerialLine } from "../../tools/serial/port"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A board that said these words and then loops for ever. */
function looping(words: string): BoardConsole {
  const line = {
    onData: (run: (bytes: string) => void) => run(words),
    onClose: () => {},
    write: () => {},
  }
  return new BoardConsole(line as unknown as SerialLine, "the board")
}

async function failureOf(words: string, hasOld: boolean): Promise<string> {
  const trial = { sequence: 2, hasOld, places: async () => undefined, say: () => {} }
  const failing = watchTrial(looping(words), trial).catch((error: Error) => error.message)
  await vi.advanceTimersByTimeAsync(200_000)
  return String(await failing)
}

test("the last words of a program that loops are no reason, and its watchdog is named", async () => {
  expect(await failureOf("loop one\r\n", true)).toBe(
    'the new program did not come up; its last words: "loop one". It does not answer, 1 min after its start; ' +
      "its watchdog restarts it within 2 min, or press EN. Then the board runs the program before it.",
  )
})

test("a first program that loops has none before it", async () => {
  const message = await failureOf("", false)
  expect(message).toMatch(/^the new program did not come up\. It does not answer/)
  expect(message).toMatch(/There was no program before it\.$/)
})
