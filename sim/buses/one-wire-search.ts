import type { OneWireLine } from "./one-wire-line"

const BITS = 64

/** Where the pass before this one went: its ROM code and the last bit at which it took 0 and both were there. */
interface Pass {
  rom: (0 | 1)[]
  lastZero: number
}

/**
 * All ROM codes that answer `command`, family code first, by the binary tree that Maxim's application note 187 walks: read a bit
 * and its complement, choose, write the choice. As in the firmware (jswrap_onewire.c), a code whose first byte is 0 ends it.
 */
export function searchRoms(line: OneWireLine, command: number): string[] {
  const found: string[] = []
  let before: Pass | undefined
  do {
    const pass: Pass | undefined = line.reset() ? walk(line, command, before) : undefined
    if (!pass) return found
    const bytes = bytesOf(pass.rom)
    if (bytes[0] === 0) return found
    found.push(bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(""))
    before = pass
  } while (before.lastZero >= 0)
  return found
}

function walk(line: OneWireLine, command: number, before: Pass | undefined): Pass | undefined {
  line.writeByte(command)
  const pass: Pass = { rom: [], lastZero: -1 }
  for (let at = 0; at < BITS; at++) {
    const bit = line.readBit()
    const complement = line.readBit()
    if (bit === 1 && complement === 1) return undefined
    const choice = bit === complement ? turn(at, before) : bit
    if (bit === complement && choice === 0) pass.lastZero = at
    line.writeBit(choice)
    pass.rom.push(choice)
  }
  return pass
}

/** Before the last fork as last time, there the other way, behind it 0 first. */
function turn(at: number, before: Pass | undefined): 0 | 1 {
  if (!before || at > before.lastZero) return 0
  return at < before.lastZero ? before.rom[at] : 1
}

function bytesOf(bits: (0 | 1)[]): number[] {
  return Array.from({ length: BITS / 8 }, (_, i) =>
    bits.slice(8 * i, 8 * i + 8).reduce<number>((byte, bit, place) => byte | (bit << place), 0),
  )
}
