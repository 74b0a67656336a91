import type { OneWireLine } from "../../sim/buses/one-wire-line"
import { searchRoms } from "../../sim/buses/one-wire-search"

const MATCH_ROM = 0x55
const SEARCH_ROM = 0xf0

const bitsOf = (byte: number, zero: string, one: string): string =>
  Array.from({ length: 8 }, (_, bit) => ((byte >> bit) & 1 ? one : zero)).join("")

/** Slots of the firmware's calls, least bit first, as sim/events.ts writes them. */
export const written = (bytes: number[]): string => bytes.map((byte) => bitsOf(byte, "0", "1")).join("")
export const readBack = (bytes: number[]): string => bytes.map((byte) => bitsOf(byte, "l", "h")).join("")
export const selected = (rom: string): string => `R${written([MATCH_ROM, ...romBytes(rom)])}`

const romBytes = (rom: string): number[] => (rom.match(/../g) ?? []).map((digits) => parseInt(digits, 16))

/** The slots in which a search finds these ROM codes: its master is played against parts that have them. */
export function searched(roms: string[]): string {
  const all = roms.map((rom) => written(romBytes(rom)))
  let slots = ""
  let left: string[] = []
  let at = 0
  let isComplement = false
  const line = {
    reset() {
      slots += roms.length ? "R" : "r"
      left = all
      at = 0
      return roms.length > 0
    },
    writeByte: (byte: number) => void (slots += bitsOf(byte, "0", "1")),
    writeBit(bit: 0 | 1) {
      slots += bit
      left = left.filter((rom) => rom[at] === String(bit))
      at++
    },
    readBit() {
      const wanted = isComplement ? "1" : "0"
      isComplement = !isComplement
      const bit = left.some((rom) => rom[at] === wanted) ? 0 : 1
      slots += bit ? "h" : "l"
      return bit as 0 | 1
    },
  }
  searchRoms(line as unknown as OneWireLine, SEARCH_ROM)
  return slots
}
