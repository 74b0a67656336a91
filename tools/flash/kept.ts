import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Code } from "../build/program"

/** Of each device: a board on a shelf may be some flashes behind. A bundle with its map takes some 80 kB. */
const KEPT_AT_MOST = 8

const folderOf = (folder: string) => join(folder, "dist", "flashed")

/** The bundle that a board was given, by the CRC-32 of the bytes on the chip; its map beside it. `folder` is that of the config file. */
export const keptFile = (folder: string, device: string, crc: number): string =>
  join(folderOf(folder), `${device}.${(crc >>> 0).toString(16).padStart(8, "0")}.js`)

/** Keeps what goes onto a board, for traces of it after the sources have moved on. Throws what the disk says. */
export function keepBuild(folder: string, device: string, crc: number, { code, map }: Code): void {
  const path = keptFile(folder, device, crc)
  mkdirSync(folderOf(folder), { recursive: true })
  // Whoever reads them compares the CRC: half a file is none.
  writeFileSync(`${path}.map`, map)
  writeFileSync(path, code, "latin1")
  forgetOldest(folder, device)
}

function forgetOldest(folder: string, device: string): void {
  const isOwn = (name: string) =>
    name.startsWith(`${device}.`) && /^[0-9a-f]{8}\.js$/.test(name.slice(device.length + 1))
  const kept = readdirSync(folderOf(folder))
    .filter(isOwn)
    .map((name) => join(folderOf(folder), name))
    .map((path) => ({ path, atMs: statSync(path).mtimeMs }))
    .sort((a, b) => b.atMs - a.atMs)
  for (const { path } of kept.slice(KEPT_AT_MOST))
    for (const file of [path, `${path}.map`]) rmSync(file, { force: true })
}
