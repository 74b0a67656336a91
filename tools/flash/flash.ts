import type { SettingsRecord } from "../../src/device/settings-schema"
import { Failure } from "../failure"
import type { SerialLine } from "../serial/port"
import type { Running } from "../monitor/running"
import type { Places } from "../monitor/places"
import { erased, hasLoader, readChip, type ChipState } from "./chip"
import { BoardConsole, PATIENCE_MS, Silence, Unplugged } from "./console"
import { isWhole, mustBeWhole, writeByConsole, writeChunk } from "./files"
import { LOADER, MARKS_BYTES } from "./loader"
import { sendFile } from "./packets"
import { dryRunText, full, planFor, writtenBy, type Plan } from "./plan"
import { hasPackets, refuseBoard } from "./refuse"
import { leftNow, leftWith, type State } from "./state"
import { confirm, restart, sendRestart, watchTrial, type Trial, type Verdict } from "./trial"

export interface Flashing {
  /** What the device is said to be: boards/*.json. */
  board: { name: string; chip: string }
  /** The program's bytes for this chip; asked for once its firmware is known. Undefined: settings only. */
  program?: (chip: ChipState) => string
  /** UTF-8 comes by itself. */
  record: SettingsRecord
  erase?: boolean
  isDryRun?: boolean
  /** Opens the port again. Without it a port that goes while the board restarts is a cable that was pulled. */
  reopen?: () => Promise<SerialLine>
  /** Settings only: fails when the program on the board is surely another device's. */
  recognise?: (running: Running) => Promise<void>
  /** The places of what is flashed, for errors that it reports; undefined where nobody knows its source. */
  places?: (running: Running) => Promise<Places | undefined>
  say: (text: string) => void
  onProgress?: (sent: number, total: number) => void
  /** Called once: what it is given says at any time what the board is left with if all ends there. */
  onStart?: (leftNow: () => string) => void
}

/** A crash loop leaves a moment now and then. */
const FIRM_PATIENCE_MS = 12_000
/** Erasing or compacting 896 KB, at 50 ms a page of 4 KB and as much again for what is copied. */
const WHOLE_STORAGE_MS = 60_000
/** Puts a program and its settings onto the board behind `line`, and waits until it came up. */
export async function flash(line: SerialLine, name: string, job: Flashing): Promise<Verdict | undefined> {
  const board = new BoardConsole(line, name)
  const state: State = {}
  job.onStart?.(() => leftNow(state))
  const firmly = (error: unknown) => {
    if (!(error instanceof Silence)) throw error
    job.say(`${error.message}: its program is stopped for this`)
    return flashOn(board, name, job, true, state)
  }
  try {
    // A board that restarts all the time may have answered once, and may have restarted in the middle of a packet.
    return await flashOn(board, name, job, false, state).catch(firmly).catch(firmly)
  } catch (error) {
    if (!(error instanceof Silence)) throw error
    throw new Failure(`${error.message}: it stopped answering. ${leftWith(state)} Flash again.`)
  } finally {
    if (state.isStopped) await startAgain(board, job)
  }
}

/** A board that was stopped and not flashed. */
async function startAgain(board: BoardConsole, { say }: Flashing): Promise<void> {
  say("its program was stopped: the board is restarted")
  // It may be gone.
  await sendRestart(board).catch(() => {})
}

async function flashOn(
  board: BoardConsole,
  name: string,
  job: Flashing,
  mustStop: boolean,
  state: State,
): Promise<Verdict | undefined> {
  await toPrompt(board, name, mustStop, state, job)
  let chip = await readChip(board)
  refuseBoard(chip, job.board)
  job.say(`${name}: ${chip.board}, Espruino ${chip.version}, ${chip.freeBytes + chip.trashBytes} bytes of Storage free`)
  const program = job.program?.(chip)
  const had = chip
  if (job.erase) chip = job.isDryRun ? erased(chip) : await eraseAll(board, job, state)
  const plan = await planFor(board, chip, job.record, program)
  const running = { file: plan.slot, crc: plan.crc, version: chip.version }
  if (program === undefined) await job.recognise?.(running)
  sayForeign(chip, job)
  if (job.isDryRun) {
    job.say(dryRunText(plan, job.erase ? had : undefined))
    return undefined
  }
  state.hasOld = plan.kept !== undefined
  await write(board, chip, plan, job, state)
  await restart(board)
  state.isStopped = false
  state.isOnTrial = true
  return watched(board, name, job, {
    ...{ sequence: plan.record.sequence, hasOld: state.hasOld, say: job.say },
    places: async () => job.places?.(running),
    onConfirmed: () => (state.isConfirmed = true),
  })
}

/** Program, record, loader, in this order: until the record is whole the board boots what it has. */
async function write(board: BoardConsole, found: ChipState, plan: Plan, job: Flashing, state: State): Promise<void> {
  const { kept, record, slot, upload, again } = plan
  let chip = found
  if (again) job.say(`${again}: it is started again`)
  // It runs, and nobody has said so yet: what is written now must not take its way back.
  if (kept && !kept.isConfirmed && kept.sequence === chip.running) await confirm(board, kept.sequence)
  if (plan.isFull) {
    await compact(board, state, writtenBy(plan), job)
    chip = await readChip(board)
    if (chip.freeBytes < plan.neededBytes) throw full(chip, plan)
  }
  if (upload !== undefined) await send(board, chip, slot, upload, job)
  state.isDue = true
  await writeByConsole(board, record.file, record.text, record.text.length + MARKS_BYTES)
  await installLoader(board, chip)
  state.isRecorded = true
}

/** Also on a board whose port goes with its restart, and comes back. */
async function watched(board: BoardConsole, name: string, job: Flashing, trial: Trial): Promise<Verdict> {
  try {
    return await watchTrial(board, trial)
  } catch (error) {
    if (!(error instanceof Unplugged) || !job.reopen) throw error
    const line = await job.reopen().catch(() => {
      throw error
    })
    return await watchTrial(new BoardConsole(line, name), trial).finally(() => line.close())
  }
}

/** What never lets go is stopped for it. */
async function toPrompt(
  board: BoardConsole,
  name: string,
  mustStop: boolean,
  state: State,
  { say }: Flashing,
): Promise<void> {
  if (!mustStop && (await board.knock(PATIENCE_MS))) return
  if (!mustStop) say(`${name} does not answer: its program is stopped for this`)
  await board.line.reset()
  if (await board.knock(FIRM_PATIENCE_MS, true)) {
    state.isStopped = true
    return
  }
  throw new Failure(
    `no Espruino answers on ${name}. If the board is blank, "motewire firmware" installs it; if its program never lets go, press reset (EN) and flash within 2 s, or erase its Storage with "motewire firmware --erase".`,
  )
}

/** Of everything: what a running program stood on is gone, so it is stopped first. */
async function eraseAll(board: BoardConsole, { say }: Flashing, state: State): Promise<ChipState> {
  say("erasing Storage")
  await board.reset()
  state.isStopped = state.isErased = true
  await board.ask('require("Storage").eraseAll()', WHOLE_STORAGE_MS)
  return readChip(board)
}

function sayForeign(chip: ChipState, { say }: Flashing): void {
  if (chip.files.includes(".bootcde") && !hasLoader(chip))
    say("the board's own .bootcde is replaced; nothing of it is kept")
  if (chip.files.includes(".bootrst")) say("the board's .bootrst is erased: it would run in the place of the program")
  const before = chip.files.filter((file) => /^\.boot(\d|PowerOn)$/.test(file))
  if (before.length) say(`${before.join(", ")} stays and runs before the program; --erase removes it`)
}

/** Files move: nothing may run from them. Behind reset() only what is in RAM does. */
async function compact(board: BoardConsole, state: State, written: string[], { say }: Flashing): Promise<void> {
  say("Storage is full of old versions: compacting it, with the program stopped. Leave the cable in.")
  if (!state.isStopped) await board.reset()
  state.isStopped = true
  for (const file of written) await board.ask(`require("Storage").erase("${file}")`)
  await board.ask('require("Storage").compact()', WHOLE_STORAGE_MS)
}

async function send(board: BoardConsole, chip: ChipState, slot: string, program: string, job: Flashing): Promise<void> {
  const progress = (sent: number) => job.onProgress?.(sent, program.length)
  // What stands there of an older version is gone before the first byte comes, not with it.
  await board.ask(`require("Storage").erase("${slot}")`)
  if (hasPackets(chip)) await sendFile(board, slot, program, progress)
  if (!(await isWhole(board, slot, program))) await writeByConsole(board, slot, program, program.length, progress)
  await mustBeWhole(board, slot, program)
}

/** In one line, so that a cable that is pulled leaves either the old one or this. Without change it is not written. */
async function installLoader(board: BoardConsole, chip: ChipState): Promise<void> {
  const stale = [".bootrst", ".varimg"].filter((file) => chip.files.includes(file))
  for (const file of stale) await board.ask(`require("Storage").erase("${file}")`)
  if (!hasLoader(chip)) await writeChunk(board, ".bootcde", LOADER, 0, LOADER.length)
  await mustBeWhole(board, ".bootcde", LOADER)
}
