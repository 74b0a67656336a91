import { posix } from "node:path"
import { Failure } from "../failure"
import { GOOD_FILES, type StoredFile } from "./archive"
import type { Chip } from "./chips"
import { isImage, readImage, type Image } from "./image"
import { readPartitions, TABLE_BYTES, type Partition } from "./partitions"

/** What a file has for one chip: Espruino alone, or all that a blank board needs. */
export interface Install {
  chip: Chip
  /** Where in the archive it stands. */
  from: string
  app: Buffer
  whole?: { bootloader: Buffer; table: Buffer; partitions: Partition[] }
}

/** Each install that the files hold, whole ones before those of the same chip that are not. Fails with the reason when there is none. */
export function installsIn(files: StoredFile[], chips: Chip[], name: string): Install[] {
  const damages: string[] = []
  const attempt = <T>(run: () => T): T | undefined => {
    try {
      return run()
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      damages.push(error.message)
      return undefined
    }
  }
  const found: Install[] = []
  for (const folder of new Set(files.map(({ path }) => posix.dirname(path)))) {
    const inside = files.filter(({ path }) => posix.dirname(path) === folder)
    for (const file of inside) {
      const merged = attempt(() => mergedIn(file, chips))
      if (merged) found.push(merged)
    }
    found.push(...fromFolder(inside, folder, chips, attempt))
  }
  if (found.length) return found.sort((a, b) => Number(!!b.whole) - Number(!!a.whole))
  const which = chips.map((chip) => chip.name).join(", ")
  throw new Failure(damages[0] ?? `${name} holds no Espruino for ${which}: ${whatElse(files)}. ${GOOD_FILES}`)
}

/** Only asked when no image in the files is damaged. */
function whatElse(files: StoredFile[]): string {
  if (files.length === 0) return "no .bin is in it"
  const images = files.flatMap(({ path, bytes }) => (isImage(bytes) ? readImage(bytes, path) : []))
  if (images.length === 0) return "nothing in it is firmware of an ESP32"
  return `it has other firmware, for ${[...new Set(images.map(({ chip }) => chip))].join(", ")}`
}

/** Boot loader, partition table and app side by side, as Espruino's build packs them. */
function fromFolder(
  files: StoredFile[],
  folder: string,
  chips: Chip[],
  attempt: <T>(run: () => T) => T | undefined,
): Install[] {
  const table = files.map(({ bytes }) => bytes).find((bytes) => bytes.length <= TABLE_BYTES && readPartitions(bytes))
  const images = files
    .filter(({ bytes }) => isImage(bytes))
    .flatMap(({ path, bytes }) => attempt(() => ({ path, ...readImage(bytes, path) })) ?? [])
  return chips.flatMap((chip) => {
    const own = images.filter((image) => image.chip === chip.name)
    const bootloader = own.find(({ isApp }) => !isApp)
    const apps = own.filter(({ isApp, bytes }) => isApp && isEspruino(bytes))
    const from = (app: { path: string }) => (bootloader && table ? folder : app.path)
    return apps.flatMap((app) => attempt(() => install(chip, from(app), app, bootloader, table)) ?? [])
  })
}

/** One file as esptool merges it: a picture of the flash, from its beginning or from the boot loader on. */
function mergedIn({ path, bytes }: StoredFile, chips: Chip[]): Install | undefined {
  for (const chip of chips)
    for (const base of new Set([0, chip.bootloaderAt])) {
      const at = (offset: number) => bytes.subarray(offset - base)
      const table = at(chip.partitionsAt).subarray(0, TABLE_BYTES)
      if (!readPartitions(table) || !isImage(at(chip.bootloaderAt))) continue
      const bootloader = readImage(at(chip.bootloaderAt), `the boot loader in ${path}`)
      if (bootloader.chip !== chip.name || bootloader.isApp) continue
      const app = readImage(at(chip.appAt), `the program in ${path}`)
      if (app.chip !== chip.name)
        throw new Failure(`${path} has a boot loader for ${chip.name} and ${app.chip} behind it.`)
      if (!isEspruino(app.bytes)) throw new Failure(`${path} holds no Espruino.`)
      return install(chip, path, app, bootloader, table)
    }
  return undefined
}

/** Its banner, among other places. */
const isEspruino = (app: Buffer) => app.includes("Espruino")

function install(chip: Chip, from: string, app: Image, bootloader?: Image, table?: Buffer): Install {
  const alone = { chip, from, app: app.bytes }
  if (!bootloader && !table) return alone
  // Never taken for Espruino alone: one of the two is spoilt, or was left out.
  if (!table) throw new Failure(`${from}: there is a boot loader and no whole partition table. Download it again.`)
  if (!bootloader) throw new Failure(`${from}: there is a partition table and no whole boot loader. Download it again.`)
  const partitions = readPartitions(table)!
  const room = roomForApp(partitions, chip)
  if (room === undefined)
    throw new Failure(
      `${from}: its partition table has no program at 0x${chip.appAt.toString(16)}, where Espruino stands.`,
    )
  if (app.bytes.length > room) throw new Failure(`${from}: Espruino is larger than its partition.`)
  if (bootloader.bytes.length > chip.partitionsAt - chip.bootloaderAt)
    throw new Failure(`${from}: the boot loader reaches into the partition table.`)
  return { ...alone, whole: { bootloader: bootloader.bytes, table, partitions } }
}

/** Bytes of the partition that Espruino boots from; undefined where there is none. */
export const roomForApp = (partitions: Partition[], chip: Chip): number | undefined =>
  partitions.find(({ isApp, offset }) => isApp && offset === chip.appAt)?.bytes
