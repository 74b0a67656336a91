import type { BoardConsole } from "./console"
import { LOADER, LOOK, RECORDS, SLOTS, STATE } from "./loader"
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
  isConfirmed: boolean
  /** How often it was tried. */
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
  /** The sequence of the record that runs, once its program was read to its end; 0 when none does. */
  running: number
  /** Bytes of the slots and records. */
  lengths: Record<string, number>
  /** Blocks that the interpreter has. */
  blocks: number
}

const OWN = [...SLOTS, ...RECORDS]

/** All that a plan needs to know of a board. The questions are short: a half-full chip has to have room for them. */
export async function readChip(board: BoardConsole): Promise<ChipState> {
  const [version, name, files, blocks] = await board.ask<[string, string, string[], number]>(
    '[process.env.VERSION,process.env.BOARD,require("Storage").list(),process.memory().total]',
  )
  const stats = await board.ask<Record<string, number> | null>(
    '(function(s){return s.getStats?s.getStats():{freeBytes:s.getFree(),trashBytes:0,totalBytes:0}})(require("Storage"))',
  )
  const [boot, running, lengths] = await board.ask<[number, number, number[]]>(
    `(function(S){return[E.CRC32(S.read(".bootcde")||""),${STATE}||0,` +
      `${JSON.stringify(OWN)}.map(function(n){return(S.read(n)||"").length})]})(require("Storage"))`,
  )
  const records: Standing[] = []
  for (const file of RECORDS.filter((file) => files.includes(file))) {
    const look = `function(r){if(r)return[r.q,r.s,r.c,r.k?1:0,r.f,r.b,r.t]}((${LOOK})("${file}"))||0`
    const found = await board.ask<[number, string, string, number, string, number, number] | 0>(look)
    if (!found) continue
    const [sequence, slot, crc, confirmed, settingsFile, bytes, tries] = found
    records.push({ file, sequence, slot, bytes, crc: Number(crc), settingsFile, isConfirmed: !!confirmed, tries })
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
    lengths: Object.fromEntries(OWN.map((name, at) => [name, lengths[at]])),
    blocks,
  }
}

const SEQUENCE_OF =
  'function(n){var f=require("Storage").read(n)||"",a=f.indexOf(" ");' +
  'return a>0&&f.substr(0,a)===""+E.CRC32(f.substr(a+1))?parseInt(f.substr(a+1)):0}'

export const hasLoader = (chip: ChipState): boolean => chip.boot === crc32(LOADER)

/** The record that must stay: the newest one that has come up. */
export function standing({ records, running }: ChipState): Standing | undefined {
  const [newest, other] = [...records].sort((a, b) => b.sequence - a.sequence)
  const hasComeUp = newest && (newest.isConfirmed || newest.sequence === running)
  return newest && !hasComeUp && other ? other : newest
}

export const otherOf = (names: string[], name: string | undefined): string => (name === names[0] ? names[1] : names[0])

/** What is left of it behind an erasure of all of Storage. */
export const erased = (chip: ChipState): ChipState => ({
  ...chip,
  ...{ files: [], records: [], settings: [0, 0], boot: 0, running: 0 },
  freeBytes: chip.totalBytes || chip.freeBytes,
  trashBytes: 0,
  lengths: Object.fromEntries(OWN.map((name) => [name, 0])),
})

/** Where the next program goes: never where the one stands that boots. */
export const freeSlot = (chip: ChipState): string => otherOf(SLOTS, standing(chip)?.slot)
