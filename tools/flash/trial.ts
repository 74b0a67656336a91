import { Failure } from "../failure"
import { type BoardConsole, Silence } from "./console"
import { firstWords } from "./first-words"
import { BEFORE_RESTART, LOOK, RECORDS, STATE, TRIAL_MS } from "./loader"

export interface Verdict {
  /** What the program said first. */
  words: string[]
  startedInMs: number
}

/** A program that fails says so within this. */
const WORDS_WITHIN_MS = 1500
/** A good one's first word is that Wi-Fi is there: one or two seconds, more where many are in the air. */
const FIRST_WORDS_MS = 4000
/** The loader was not there yet, or its chip was reset. */
const NOTHING = -1e6
const QUIET_MS = 200
/** A program that blocks, in a connect for instance, answers late. */
const ASK_EVERY_MS = 1000
const PATIENCE_MS = TRIAL_MS + 10_000

/** Restarts the board into its newest record. */
export async function restart(board: BoardConsole): Promise<void> {
  await board.ask(`${STATE}="${BEFORE_RESTART}"`)
  await sendRestart(board)
}

async function sendRestart(board: BoardConsole): Promise<void> {
  board.forget()
  await board.send("\x10E.reboot();\n")
}

/** Waits until the record of `sequence` runs, and confirms it; fails when the board went back to what it had. */
export async function watchTrial(board: BoardConsole, sequence: number, say: (text: string) => void): Promise<Verdict> {
  const startedMs = performance.now()
  await board.until((heard) => firstWords(heard).length > 0, WORDS_WITHIN_MS)
  let isTold = false
  for (;;) {
    const running = await runningNow(board)
    const said = firstWords(board.heard)
    const end = said.findIndex((line) => line.startsWith("motewire: the new program did not come up"))
    const words = end < 0 ? said : said.slice(0, end)
    if (running === sequence) {
      await confirm(board, sequence)
      const startedInMs = performance.now() - startedMs
      await board.until((heard) => firstWords(heard).length > 0, FIRST_WORDS_MS)
      return { words: firstWords(board.heard), startedInMs }
    }
    if (running === BEFORE_RESTART) {
      await sendRestart(board)
      await board.until((heard) => firstWords(heard).length > 0, WORDS_WITHIN_MS)
      continue
    }
    const failed = `the new program did not come up${words.length ? `: ${whyOf(words)}` : ""}.`
    if (running !== undefined && running > 0) throw new Failure(`${failed} The board runs the one before it.`)
    if (running === 0) throw new Failure(`${failed} There was no program before it.`)
    if (performance.now() - startedMs > PATIENCE_MS)
      throw new Failure(`${failed} The board does not answer; at its next start it runs the program before it.`)
    if (running !== undefined && running !== -sequence && running !== NOTHING)
      throw new Failure(`${failed} Neither does the one before it any more: flash one that works.`)
    if (running === -sequence && !isTold)
      say("it stopped with an error; waiting for the board to go back to its old program")
    isTold ||= running === -sequence
    await board.until(() => false, QUIET_MS)
  }
}

/** The first error says more than the trace behind it. */
const whyOf = (words: string[]): string =>
  words.find((line) => /^Uncaught|OUT OF MEMORY|STACK OVERFLOW|Interrupted/.test(line)) ?? words.slice(-3).join(" | ")

/** Undefined while it is busy. After a silence comes a Ctrl-C: it ends an endless loop on a computer, and nothing on an ESP32. */
async function runningNow(board: BoardConsole): Promise<number | typeof BEFORE_RESTART | undefined> {
  try {
    return await board.ask(`${STATE}===undefined?${NOTHING}:${STATE}`, ASK_EVERY_MS)
  } catch (error) {
    if (error instanceof Silence) return undefined
    throw error
  }
}

export async function confirm(board: BoardConsole, sequence: number): Promise<void> {
  const mark =
    `${JSON.stringify(RECORDS)}.forEach(function(n){var r=(${LOOK})(n),S=require("Storage");` +
    `if(r&&r.q===${sequence}&&!r.k)S.write(n,"kkkk",S.read(n).indexOf("\\xff",r.p))})`
  await board.ask(mark)
}
