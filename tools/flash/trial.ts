import { Failure } from "../failure"
import { readable } from "../text/terminal"
import { type BoardConsole, Silence } from "./console"
import { firstWords } from "./first-words"
import { BEFORE_RESTART, LOOK, RECORDS, STATE, TRIAL_MS } from "./loader"
import { errorIn, wordsBeside, type PlacesOfTrial, type ToldError } from "./told"

export interface Verdict {
  /** What the program said first. */
  words: string[]
  /** The first error that it reported, though it runs. */
  error?: ToldError
  startedInMs: number
}

export interface Trial {
  /** Of the record that is tried. */
  sequence: number
  /** There is a program to go back to. */
  hasOld: boolean
  places: PlacesOfTrial
  say: (text: string) => void
  onConfirmed?: () => void
}

/** A program that fails says so within this. */
const WORDS_WITHIN_MS = 1500
/** A good one's first word is that Wi-Fi is there: one or two seconds, more where many are in the air. */
const FIRST_WORDS_MS = 4000
/** The loader was not there yet, or its chip was reset. */
const NOTHING = -1e6
const QUIET_MS = 200
const TRACE_MS = 300
/** The loader's takes 1 min; a program of motewire sets its own to 2 (src/device/program.ts). */
const WATCHDOG_MIN = 2
/** A program that blocks, in a connect for instance, answers late. */
const ASK_EVERY_MS = 1000
const PATIENCE_MS = TRIAL_MS + 10_000

/** Restarts the board into its newest record. */
export async function restart(board: BoardConsole): Promise<void> {
  await board.ask(`${STATE}="${BEFORE_RESTART}"`)
  await sendRestart(board)
}

export async function sendRestart(board: BoardConsole): Promise<void> {
  board.forget()
  await board.send("\x10E.reboot();\n")
}

/** Waits until the record runs, and confirms it; fails when the board went back to what it had. */
export async function watchTrial(board: BoardConsole, trial: Trial): Promise<Verdict> {
  const { sequence, say } = trial
  const startedMs = performance.now()
  await board.until((heard) => firstWords(heard).length > 0, WORDS_WITHIN_MS)
  let isTold = false
  for (;;) {
    const running = await runningNow(board)
    if (running === sequence) {
      await confirm(board, sequence)
      trial.onConfirmed?.()
      return verdictOn(board, trial, performance.now() - startedMs)
    }
    if (running === BEFORE_RESTART) {
      await sendRestart(board)
      await board.until((heard) => firstWords(heard).length > 0, WORDS_WITHIN_MS)
      continue
    }
    const failed = (end: string) => failure(board.heard, trial, end)
    if (running !== undefined && running > 0) throw await failed(". The board runs the one before it.")
    if (running === 0) throw await failed(". There was no program before it.")
    if (performance.now() - startedMs > PATIENCE_MS) throw await failed(silentText(trial))
    if (running !== undefined && running !== -sequence && running !== NOTHING)
      throw await failed(". Neither does the one before it any more: flash one that works.")
    if (running === -sequence && !isTold)
      say(
        `it stopped with an error; waiting for the board to ${trial.hasOld ? "go back to its old program" : "give up"}`,
      )
    isTold ||= running === -sequence
    await board.until(() => false, QUIET_MS)
  }
}

async function verdictOn(board: BoardConsole, { places }: Trial, startedInMs: number): Promise<Verdict> {
  await board.until((heard) => firstWords(heard).length > 0, FIRST_WORDS_MS)
  // A trace takes 9 ms a line, and is worth to be had whole.
  if (/Uncaught |OUT OF MEMORY/.test(board.heard)) await board.until(() => false, TRACE_MS)
  const error = await errorIn(board.heard, places)
  return { words: wordsBeside(board.heard), ...(error && { error }), startedInMs }
}

/** What the program said until the loader gave it up says why. */
async function failure(heard: string, { places }: Trial, end: string): Promise<Failure> {
  const own = heard.split("motewire: the new program did not come up")[0]!
  const error = await errorIn(own, places)
  const why = error ? `: ${readable(error.head)}` : wordsText(wordsBeside(own))
  return new Failure([`the new program did not come up${why}${end}`, ...(error?.lines ?? [])].join("\n"))
}

/** Out of memory, too much depth, a syntax that is none: the firmware says so without a trace. Other words are no reason. */
function wordsText(words: string[]): string {
  const reason = words.find((line) => /STACK OVERFLOW|Interrupted|interpreter error/.test(line))
  if (reason) return `: ${reason}`
  return words.length ? `; its last words: "${words.slice(-3).join(" | ")}"` : ""
}

const silentText = ({ hasOld }: Trial): string =>
  `. It does not answer, ${TRIAL_MS / 60_000} min after its start; its watchdog restarts it within ${WATCHDOG_MIN} min, or press EN. ` +
  (hasOld ? "Then the board runs the program before it." : "There was no program before it.")

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
