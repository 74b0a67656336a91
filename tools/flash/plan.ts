import type { SettingsRecord } from "../../src/device/settings-schema"
import { encodeSettings, SETTINGS_FILES } from "../../src/device/settings"
import { crc32 } from "../../src/util/crc32"
import { Failure } from "../failure"
import { freeSlot, otherOf, standing, type ChipState, type Standing } from "./chip"
import type { BoardConsole } from "./console"
import { isWhole } from "./files"
import { encodeRecord, LOADER, RECORDS } from "./loader"

/** Headers of the files, and what is lost at the ends of pages. */
const MARGIN_BYTES = 4096

/** What a flash will write, and over what. */
export interface Plan {
  /** The record that the board goes back to. */
  kept?: Standing
  slot: string
  crc: number
  /** What goes to the slot; undefined: it is there. */
  upload?: string
  /** The slot has it from another time, and it is not what runs: what is to be said of that. */
  again: string
  record: { file: string; text: string; sequence: number }
  neededBytes: number
  /** Only a compaction makes room. */
  isFull: boolean
}

/** Files that are written, and can be erased before. */
export const writtenBy = ({ slot, upload, record }: Plan): string[] =>
  upload === undefined ? [record.file] : [slot, record.file]

/** `program` undefined: settings alone. Fails, with nothing touched, where there is no program or no room. */
export async function planFor(
  board: BoardConsole,
  chip: ChipState,
  settings: SettingsRecord,
  program: string | undefined,
): Promise<Plan> {
  const kept = standing(chip)
  if (program === undefined && !kept)
    throw new Failure("there is no program of motewire on the board: flash it once without --settings-only.")
  const crc = program === undefined ? kept!.crc : crc32(program)
  const slot = kept && kept.crc === crc ? kept.slot : freeSlot(chip)
  const bytes = program === undefined ? kept!.bytes : program.length
  const isThere =
    program === undefined || slot === kept?.slot || (chip.files.includes(slot) && (await isWhole(board, slot, program)))
  const again = isThere && slot !== kept?.slot ? `${slot} holds this program already${lastTime(chip, slot)}` : ""
  const upload = isThere ? undefined : program
  const record = recordFor(chip, kept, settings, { slot, bytes, crc })
  const neededBytes = (upload?.length ?? 0) + record.bytes + LOADER.length + MARGIN_BYTES
  const plan: Plan = { kept, slot, crc, upload, again, record, neededBytes, isFull: false }
  return { ...plan, isFull: refuseFull(chip, plan) }
}

function recordFor(
  chip: ChipState,
  kept: Standing | undefined,
  written: SettingsRecord,
  program: { slot: string; bytes: number; crc: number },
) {
  const sequence = Math.max(0, ...chip.records.map((record) => record.sequence)) + 1
  const older = chip.settings[1] > chip.settings[0] ? SETTINGS_FILES[0] : SETTINGS_FILES[1]
  // Never over the settings that the old program would go back to.
  const settingsFile = kept ? otherOf(SETTINGS_FILES, kept.settingsFile) : older
  const settings = encodeSettings(asUtf8(written), Math.max(...chip.settings) + 1, crc32)
  const file = otherOf(RECORDS, kept?.file ?? RECORDS[1])
  const text = encodeRecord({ sequence, ...program, settingsFile, settings })
  // The loader writes the settings once more, into their own file.
  return { file, text, sequence, bytes: text.length + settings.length }
}

const asUtf8 = (record: SettingsRecord): SettingsRecord =>
  JSON.parse(Buffer.from(JSON.stringify(record)).toString("latin1")) as SettingsRecord

/** True when only a compaction makes room, which erases what will be written first. Fails while nothing was touched. */
function refuseFull(chip: ChipState, plan: Plan): boolean {
  const { freeBytes, trashBytes, lengths } = chip
  if (freeBytes >= plan.neededBytes) return false
  if (writtenBy(plan).reduce((sum, name) => sum + lengths[name], freeBytes + trashBytes) >= plan.neededBytes)
    return true
  throw full(chip, plan)
}

export const full = ({ freeBytes, trashBytes }: ChipState, { neededBytes }: Plan): Failure =>
  new Failure(
    `Storage has ${freeBytes + trashBytes} bytes left, and this needs ${neededBytes}. Erase what else is on the board with --erase.`,
  )

const lastTime = ({ records }: ChipState, slot: string): string =>
  records.some((record) => record.slot === slot && !record.isConfirmed && record.tries > 0)
    ? ", and it did not come up last time"
    : ""

/** What a dry run says; `erasing` what the board has that would go first. */
export function dryRunText({ upload, slot, again, isFull }: Plan, erasing?: ChipState): string {
  const first = [...(erasing ? [erasureText(erasing)] : []), ...(isFull ? ["compact Storage"] : [])]
  const writing = `write ${upload === undefined ? "settings" : `${upload.length} bytes to ${slot}, settings`}`
  const then = again ? ` and start it (${again})` : ""
  return `would ${[...first, writing].join(", then ")}${then}; nothing was written`
}

function erasureText({ files }: ChipState): string {
  const what = files.length === 1 ? "1 file" : `${files.length} files`
  return `erase all of Storage (${what}: programs, settings and whatever else is there)`
}
