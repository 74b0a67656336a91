import { Failure } from "../failure"
import type { Chip } from "./chips"
import { roomForApp, type Install } from "./contents"
import { withFlashSettings } from "./image"
import { endOf, type Partition } from "./partitions"

/** One stretch of the flash, all of which is written. */
interface Part {
  what: "boot loader" | "partition table" | "Espruino"
  offset: number
  bytes: Buffer
}

export interface Plan {
  /** Storage, where it is to be erased. */
  erase?: { offset: number; bytes: number }
  parts: Part[]
  warnings: string[]
}

/** What the flash is like before anything is done to it. */
interface Flash {
  bytes: number
  /** Undefined: no partition table, so nothing that boots. */
  partitions?: Partition[]
}

/** What is to be done; fails where the result would not boot. `install` is undefined when Storage alone is erased. */
export function planFor(chip: Chip, flash: Flash, install: Install | undefined, erase: boolean): Plan {
  const partitions = install?.whole?.partitions ?? flash.partitions
  if (!partitions) throw new Failure(install ? onlyEspruino(install) : noStorage(chip))
  if (endOf(partitions) > flash.bytes)
    throw new Failure(
      `the board's flash has ${size(flash.bytes)}, and Espruino's partitions take ${size(endOf(partitions))}: it does not fit on this board.`,
    )
  const warnings = install?.whole && !erase ? storageWarnings(chip, partitions, flash.partitions) : []
  return {
    erase: erase ? storageOf(chip, partitions) : undefined,
    parts: install ? partsOf(chip, flash, install) : [],
    warnings,
  }
}

function partsOf(chip: Chip, flash: Flash, install: Install): Part[] {
  const app: Part = { what: "Espruino", offset: chip.appAt, bytes: install.app }
  if (!install.whole) {
    refuseStrangeTable(chip, flash.partitions!, install)
    return [app]
  }
  const { bootloader, table } = install.whole
  const set = withFlashSettings(bootloader, chip.flashMode, chip.flashFrequency, flash.bytes)
  return [
    { what: "boot loader", offset: chip.bootloaderAt, bytes: set },
    { what: "partition table", offset: chip.partitionsAt, bytes: table },
    app,
  ]
}

/** Espruino alone goes where the board's own table has room for it. */
function refuseStrangeTable(chip: Chip, partitions: Partition[], install: Install): void {
  const room = roomForApp(partitions, chip)
  if (room === undefined || !storageIn(chip, partitions)) throw new Failure(onlyEspruino(install))
  if (install.app.length > room)
    throw new Failure(
      `Espruino takes ${install.app.length} bytes, and the board's partition has ${room}. Take the .zip or .tgz of the same version, which brings its partition table.`,
    )
}

const onlyEspruino = ({ from }: Install) =>
  `${from} is Espruino alone, and the board has no boot loader and partitions of Espruino. Take the .zip or .tgz of the same version, which brings them.`

/** By these names the firmware finds it (targets/esp32/main.c), the second up to 2v25; what else begins there is another's. */
const STORAGE_LABELS = ["storage", "js_code"]

const storageIn = (chip: Chip, partitions: Partition[]): Partition | undefined =>
  partitions.find(({ label, isApp, offset }) => STORAGE_LABELS.includes(label) && !isApp && offset === chip.storageAt)

function storageOf(chip: Chip, partitions: Partition[]): { offset: number; bytes: number } {
  const found = storageIn(chip, partitions)
  if (!found) throw new Failure(noStorage(chip))
  return { offset: found.offset, bytes: found.bytes }
}

const noStorage = ({ storageAt }: Chip) =>
  `there is no Storage at 0x${storageAt.toString(16)} to erase: what is on the board is no Espruino that motewire knows. Install it with --file.`

/** Espruino took 256 KB of it up to 2v25, and what followed was a file system. */
function storageWarnings(chip: Chip, after: Partition[], before: Partition[] | undefined): string[] {
  const was = before && storageIn(chip, before)?.bytes
  if (was === undefined || was === storageIn(chip, after)?.bytes) return []
  return [
    "Storage is of another size in this version. Should the board not keep its programs, install again with --erase.",
  ]
}

const size = (bytes: number) => (bytes >= 1 << 20 ? `${bytes / (1 << 20)} MB` : `${bytes / 1024} KB`)
