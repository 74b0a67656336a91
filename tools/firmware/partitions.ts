import { createHash } from "node:crypto"

export interface Partition {
  label: string
  isApp: boolean
  offset: number
  bytes: number
}

/** As large as the table may be; a sector of the flash has room for it. Source: Espressif, ESP-IDF, "Partition Tables". */
export const TABLE_BYTES = 0xc00
const ENTRY_BYTES = 32
const ENTRY = 0x50aa
/** The last entry is the MD5 of those before it; older tables have none. */
const DIGEST = 0xebeb
const NONE = 0xffff
const TYPE_APP = 0

/** The partitions of a table; undefined where none stands, or a spoilt one. */
export function readPartitions(table: Buffer): Partition[] | undefined {
  const found: Partition[] = []
  for (let at = 0; at + ENTRY_BYTES <= Math.min(table.length, TABLE_BYTES); at += ENTRY_BYTES) {
    const magic = table.readUInt16LE(at)
    if (magic === NONE) break
    if (magic === DIGEST) return isDigest(table, at) ? found : undefined
    if (magic !== ENTRY) return undefined
    found.push({
      label: table.toString("latin1", at + 12, at + 28).replace(/\0.*$/s, ""),
      isApp: table[at + 2] === TYPE_APP,
      offset: table.readUInt32LE(at + 4),
      bytes: table.readUInt32LE(at + 8),
    })
  }
  return found.length ? found : undefined
}

const isDigest = (table: Buffer, at: number) =>
  createHash("md5")
    .update(table.subarray(0, at))
    .digest()
    .equals(table.subarray(at + 16, at + ENTRY_BYTES))

export const endOf = (partitions: Partition[]): number =>
  Math.max(...partitions.map(({ offset, bytes }) => offset + bytes))
