import { accessSync, constants } from "node:fs"
import path from "node:path"

/**
 * A program's file on PATH, but not in node_modules/.bin, which npm puts first: the package espruino has a command of
 * the interpreter's name there.
 */
export function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(path.delimiter)
  const isNpms = (folder: string) => folder.endsWith(path.join("node_modules", ".bin"))
  return folders
    .filter((folder) => folder && !isNpms(folder))
    .map((folder) => path.join(folder, name))
    .find(isRunnable)
}

function isRunnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
