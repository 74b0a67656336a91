/**
 * What keeps QoS 1 and 2 over a power loss. A program's own three hooks do, too: `persistent({ store, retrieve, clear })`. They
 * must have written when they return, and do it so that a power loss leaves the old or the new.
 */
import type { Storage } from "../hal/storage"
import { byteAt, field, u16 } from "./encode"
import type { Persistence } from "./parts"

/** True in a bundle that speaks MQTT 5. */
declare const __MQTT5__: boolean

/**
 * Two files take turns. Packets of MQTT 5 have theirs: what was kept in one version would be malformed in the other. It stays
 * where it is, unsent, until a program of its version is back.
 */
const FILE = __MQTT5__ ? "mw.q5" : "mw.q"
const FILE_BYTES = 8192
/** What a record has besides its entries. */
const RECORD_BYTES = 6
/** Left for settings records and others, so that their writes do not make the firmware compact. */
const MARGIN_BYTES = 16384
/** From here on a restart is wanted. */
const LOW_BYTES = 65536

/** Passes a program's own hooks on: that this module is in the bundle tells the client to call them. */
export const persistent = (hooks: Persistence): Persistence => hooks

/** Survives a client, not a process: for hosts and tests. */
export function keepInMemory(): Persistence {
  const kept: Record<string, string> = {}
  return {
    store(key, packet) {
      delete kept[key]
      kept[key] = packet
      return true
    },
    retrieve: () => Object.assign({}, kept),
    clear(key) {
      delete kept[key]
    },
  }
}

export interface StoragePersistence extends Persistence {
  /** Wear since boot: calls that wrote to flash, and bytes of records. */
  writes: number
  bytes: number
}

/**
 * Keeps messages in the chip's Storage, in a file of `fileBytes` (default 8192, at most 65,535) that grows record by record:
 * nothing is erased until it is full, then what is still kept goes to the other file. A record counts once its check is
 * right, so wherever power fails, the state is that before or after a write. `store` returns false when more is kept at one
 * time than a file holds, or when Storage is nearly full.
 *
 * `compact` is `compactAndRestart` of hal/espruino/compact.ts: called here, at boot, when Storage is nearly full of erased
 * files. Without it they stay, and `store` returns false in the end.
 *
 * Record: u16 length, entries, their CRC-32. Entry: key and packet as fields; an empty packet clears the key. DESIGN.md has the wear.
 */
export function keepInStorage(
  storage: Storage,
  crc32: (bytes: string) => number,
  compact?: () => void,
  fileBytes?: number,
): StoragePersistence {
  const size = fileBytes || FILE_BYTES
  /** Which file is in use, and where its next record goes; 0 before there is one. */
  let which = 0
  let end = 0

  function sealed(entries: string): string {
    const crc = crc32(entries)
    return field(entries) + u16(crc >>> 16) + u16(crc & 65535)
  }

  /** What is kept, copied into RAM: what stands in flash is lost with its file. */
  function load(): Record<string, string> {
    const kept: Record<string, string> = {}
    end = 0
    // When both are whole, power failed between the first write of one and the end of the other, and they say the same.
    for (let tries = 2; tries && !end; tries--) {
      which = 1 - which
      const bytes = storage.read(FILE + which) || ""
      let entries
      while ((entries = fieldAt(bytes, end)) && bytes.startsWith(sealed(entries), end)) {
        end += entries.length + RECORD_BYTES
        for (let at = 0; at < entries.length;) {
          const key = fieldAt(entries, at)
          const packet = fieldAt(entries, at + 2 + key.length)
          at += key.length + packet.length + 4
          delete kept[key]
          if (packet) kept[key] = packet
        }
      }
    }
    storage.erase(FILE + (1 - which))
    return kept
  }

  /** False when it does not fit, or when other bytes stand there: the rest of a torn record. */
  function write(entries: string): boolean {
    const record = sealed(entries)
    try {
      if (end + record.length > size || !storage.write(FILE + which, record, end, end ? 0 : size)) return false
    } catch {
      return false
    }
    self.writes++
    self.bytes += record.length
    end += record.length
    return true
  }

  function save(key: string, packet: string, marginBytes: number): boolean {
    const entry = field(key) + field(packet)
    if (end && write(entry)) return true
    const kept = load()
    which = 1 - which
    end = 0
    return (
      storage.getStats().freeBytes > size + marginBytes &&
      write(
        Object.keys(kept)
          .map((key) => field(key) + field(kept[key]!))
          .join("") + entry,
      ) &&
      // `erase` returns undefined.
      !storage.erase(FILE + (1 - which))
    )
  }

  const self: StoragePersistence = {
    writes: 0,
    bytes: 0,
    // PUBREL, which takes the place of its message, may use up the margin, as may `clear`: what was begun comes to its end.
    store: (key, packet) => save(key, packet, packet.length === 4 ? 64 : MARGIN_BYTES),
    retrieve: load,
    clear(key) {
      save(key, "", 64)
    },
    isLow() {
      const { freeBytes, trashBytes } = storage.getStats()
      return freeBytes < LOW_BYTES && trashBytes > freeBytes
    },
  }
  if (compact && self.isLow!()) compact()
  return self
}

/** A length-prefixed field. Adding nothing makes the copy: a part of what stands in flash stands there, too. */
const fieldAt = (bytes: string, at: number): string =>
  bytes.substr(at + 2, byteAt(bytes, at) * 256 + byteAt(bytes, at + 1)) + ""
