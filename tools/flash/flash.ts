import type { SettingsRecord } from "../../src/device/settings-schema"
import { encodeSettings, SETTINGS_FILES } from "../../src/device/settings"
import { crc32 } from "../../src/util/crc32"
import { Failure } from "../failure"
import type { SerialLine } from "../serial/port"
import type { Running } from "../monitor/running"
import type { Places } from "../monitor/places"
import { erased, freeSlot, hasLoader, otherOf, readChip, standing, type ChipState, type Standing } from "./chip"
import { BoardConsole, PATIENCE_MS, Silence, Unplugged } from "./console"
import { isWhole, mustBeWhole, writeByConsole, writeChunk } from "./files"
import { encodeRecord, LOADER, MARKS_BYTES, RECORDS } from "./loader"
import { sendFile } from "./packets"
import { hasPackets, refuseBoard } from "./refuse"
import { confirm, restart, watchTrial, type Trial, type Verdict } from "./trial"

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
/** Headers of the files, and what is lost at the ends of pages. */
const MARGIN_BYTES = 4096

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

/** How far it went. */
interface State {
  /** What ran does not, and the board has not been restarted since. */
  isStopped?: boolean
  isErased?: boolean
  /** The record is written, and may be whole. */
  isDue?: boolean
  /** The record is whole: the next start tries it. */
  isRecorded?: boolean
  /** The board has been restarted into it. */
  isOnTrial?: boolean
  isConfirmed?: boolean
  /** There is a program to go back to. */
  hasOld?: boolean
}

function leftWith({ isRecorded, isErased }: State): string {
  if (isRecorded) return "At its next start it tries the new program."
  return isErased ? "Its Storage is empty." : "What it ran before it runs at its next start."
}

/** The same for a flash that was stopped, at any time. */
function leftNow(state: State): string {
  if (state.isConfirmed) return "The new program runs and is kept."
  if (state.isOnTrial) {
    const or = state.hasOld ? "the one before it runs again" : "after three tries the board runs none"
    return `The new program is on trial: it is kept if it is alive after a minute, or else ${or}.`
  }
  if (state.isRecorded) return leftWith(state)
  if (state.isDue) return "What it ran goes on running; at its next start it may try the new program."
  if (state.isStopped || state.isErased) return `${leftWith(state)} Press EN, or flash again.`
  return "The board runs what it ran before."
}

/** A board that was stopped and not flashed. */
async function startAgain(board: BoardConsole, { say }: Flashing): Promise<void> {
  say("its program was stopped: the board is restarted")
  // It may be gone.
  await board.send("\x10E.reboot();\n").catch(() => {})
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
  const kept = standing(chip)
  if (program === undefined && !kept)
    throw new Failure("there is no program of motewire on the board: flash it once without --settings-only.")
  state.hasOld = kept !== undefined
  if (program === undefined) await job.recognise?.({ file: kept!.slot, crc: kept!.crc, version: chip.version })
  sayForeign(chip, job)
  const slot = program === undefined || Number(kept?.crc) === crc32(program) ? kept!.slot : freeSlot(chip)
  const isThere =
    program === undefined || slot === kept?.slot || (chip.files.includes(slot) && (await isWhole(board, slot, program)))
  const plan = planned(chip, kept, job.record, slot, program)
  const needed =
    (isThere ? 0 : program!.length) + plan.record.length + plan.settings.length + LOADER.length + MARGIN_BYTES
  const written = isThere ? [plan.file] : [slot, plan.file]
  const isFull = refuseFull(chip, written, needed)
  const note = isThere && slot !== kept?.slot ? `${slot} holds this program already${lastTime(chip, slot)}` : ""
  if (job.isDryRun) {
    const first = [...(job.erase ? [erasureText(had)] : []), ...(isFull ? ["compact Storage"] : [])]
    const writing = `write ${isThere ? "settings" : `${program!.length} bytes to ${slot}, settings`}`
    const then = note ? ` and start it (${note})` : ""
    job.say(`would ${[...first, writing].join(", then ")}${then}; nothing was written`)
    return undefined
  }
  if (note) job.say(`${note}: it is started again`)
  // It runs, and nobody has said so yet: what is written now must not take its way back.
  if (kept && !kept.isConfirmed && kept.sequence === chip.running) await confirm(board, kept.sequence)
  if (isFull) {
    await compact(board, state, written, job)
    chip = await readChip(board)
    if (chip.freeBytes < needed) throw full(chip, needed)
  }
  if (!isThere) await upload(board, chip, slot, program!, job)
  state.isDue = true
  await writeByConsole(board, plan.file, plan.record, plan.record.length + MARKS_BYTES)
  await installLoader(board, chip)
  state.isRecorded = true
  await restart(board)
  state.isStopped = false
  state.isOnTrial = true
  const running = { file: slot, crc: program === undefined ? kept!.crc : crc32(program), version: chip.version }
  return watched(board, name, job, {
    ...{ sequence: plan.sequence, hasOld: state.hasOld, say: job.say },
    places: async () => job.places?.(running),
    onConfirmed: () => (state.isConfirmed = true),
  })
}

const lastTime = ({ records }: ChipState, slot: string): string =>
  records.some((record) => record.slot === slot && !record.isConfirmed && record.tries > 0)
    ? ", and it did not come up last time"
    : ""

function erasureText({ files }: ChipState): string {
  const what = files.length === 1 ? "1 file" : `${files.length} files`
  return `erase all of Storage (${what}: programs, settings and whatever else is there)`
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
  state.isStopped = true
  if (await board.knock(FIRM_PATIENCE_MS, true)) return
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

function planned(chip: ChipState, kept: Standing | undefined, written: SettingsRecord, slot: string, program?: string) {
  const sequence = Math.max(0, ...chip.records.map((record) => record.sequence)) + 1
  const older = chip.settings[1] > chip.settings[0] ? SETTINGS_FILES[0] : SETTINGS_FILES[1]
  // Never over the settings that the old program would go back to.
  const settingsFile = kept ? otherOf(SETTINGS_FILES, kept.settingsFile) : older
  const settings = encodeSettings(asUtf8(written), Math.max(...chip.settings) + 1, crc32)
  const file = otherOf(RECORDS, kept?.file ?? RECORDS[1])
  const { length: bytes } = program ?? { length: kept!.bytes }
  const crc = program === undefined ? kept!.crc : crc32(program)
  return { sequence, settings, file, record: encodeRecord({ sequence, slot, bytes, crc, settingsFile, settings }) }
}

const asUtf8 = (record: SettingsRecord): SettingsRecord =>
  JSON.parse(Buffer.from(JSON.stringify(record)).toString("latin1")) as SettingsRecord

/** True when only a compaction makes room, which erases what will be `written` first. Fails while nothing was touched. */
function refuseFull(chip: ChipState, written: string[], needed: number): boolean {
  const { freeBytes, trashBytes, lengths } = chip
  if (freeBytes >= needed) return false
  if (written.reduce((sum, name) => sum + lengths[name], freeBytes + trashBytes) >= needed) return true
  throw full(chip, needed)
}

const full = ({ freeBytes, trashBytes }: ChipState, needed: number) =>
  new Failure(
    `Storage has ${freeBytes + trashBytes} bytes left, and this needs ${needed}. Erase what else is on the board with --erase.`,
  )

/** Files move: nothing may run from them. Behind reset() only what is in RAM does. */
async function compact(board: BoardConsole, state: State, written: string[], { say }: Flashing): Promise<void> {
  say("Storage is full of old versions: compacting it, with the program stopped. Leave the cable in.")
  if (!state.isStopped) await board.reset()
  state.isStopped = true
  for (const file of written) await board.ask(`require("Storage").erase("${file}")`)
  await board.ask('require("Storage").compact()', WHOLE_STORAGE_MS)
}

async function upload(
  board: BoardConsole,
  chip: ChipState,
  slot: string,
  program: string,
  job: Flashing,
): Promise<void> {
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
