import type { BoardConsole } from "./console"
import { LOADER, LOOK, RECORDS, SLOTS } from "./loader"
import { crc32 } from "../../src/util/crc32"
import { SETTINGS_FILES } from "../../src/device/settings"

/** A whole record on the chip, as LOOK in loader.ts gives it, without the settings' text. */
export interface Standing {
  /** The record's file, its sequence, the program's slot and its CRC-32. */
  file: string
  sequence: number
  slot: string
  bytes: number
  crc: number
  settingsFile: string
  settingsCrc: number
  isConfirmed: boolean
  tries: number
}

export interface ChipState {
  version: string
  /** `process.env.BOARD`: "ESP32", "ESP32C3". */
  board: string
  files: string[]
  freeBytes: number
  trashBytes: number
  totalBytes: number
  records: Standing[]
  /** Sequence of each whole settings file, 0 for one that is not. */
  settings: number[]
  /** CRC-32 of .bootcde. */
  boot: number
  /** The record that runs; 0 when none does. */
  running: number
  /** Blocks that the interpreter has. */
  blocks: number
}

/** All that a plan needs to know of a board. The questions are short: a half-full chip has to have room for them. */
export async function readChip(board: BoardConsole): Promise<ChipState> {
  const [version, name, files, blocks] = await board.ask<[string, string, string[], number]>(
    '[process.env.VERSION,process.env.BOARD,require("Storage").list(),process.memory().total]',
  )
  const stats = await board.ask<Record<string, number> | null>(
    '(function(s){return s.getStats?s.getStats():{freeBytes:s.getFree(),trashBytes:0,totalBytes:0}})(require("Storage"))',
  )
  const [boot, running] = await board.ask<[number, number]>(
    '[E.CRC32(require("Storage").read(".bootcde")||""),global["mw."]||0]',
  )
  const records: Standing[] = []
  for (const file of RECORDS.filter((file) => files.includes(file))) {
    const look = `function(r){if(r)return[r.q,r.s,r.c,E.CRC32(r.o.substr(r.o.indexOf("{"))),r.k?1:0,r.t,r.f,r.b]}((${LOOK})("${file}"))||0`
    const found = await board.ask<[number, string, string, number, number, number, string, number] | 0>(look)
    if (!found) continue
    const [sequence, slot, crc, settingsCrc, confirmed, tries, settingsFile, bytes] = found
    records.push({
      file,
      sequence,
      slot,
      bytes,
      crc: Number(crc),
      settingsFile,
      settingsCrc,
      isConfirmed: !!confirmed,
      tries,
    })
  }
  const settings = await board.ask<number[]>(`${JSON.stringify(SETTINGS_FILES)}.map(${SEQUENCE_OF})`)
  return {
    version,
    board: name,
    files,
    ...(stats as { freeBytes: number; trashBytes: number; totalBytes: number }),
    records,
    settings,
    boot,
    running,
    blocks,
  }
}

const SEQUENCE_OF =
  'function(n){var f=require("Storage").read(n)||"",a=f.indexOf(" ");' +
  'return a>0&&f.substr(0,a)===""+E.CRC32(f.substr(a+1))?parseInt(f.substr(a+1)):0}'

export const hasLoader = (chip: ChipState): boolean => chip.boot === crc32(LOADER)

/** What the loader would run at the next start if nothing else were written: the record that must stay. */
export function standing({ records }: ChipState): Standing | undefined {
  const [newest, other] = [...records].sort((a, b) => b.sequence - a.sequence)
  return newest && !newest.isConfirmed && other ? other : newest
}

export const otherOf = (names: string[], name: string | undefined): string => (name === names[0] ? names[1] : names[0])

/** Where the next program goes: never where the one stands that boots. */
export const freeSlot = (chip: ChipState): string => otherOf(SLOTS, standing(chip)?.slot)
