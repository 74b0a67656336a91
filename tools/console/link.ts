import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs"
import { dirname, join } from "node:path"

const FOLDER = ".motewire"
const ENDING = ".console"
const TCP = "tcp://"

/** Where the console of a simulated board is found under one name, however often its simulator starts. */
export const linkFile = (configFolder: string, device: string): string => join(configFolder, FOLDER, device + ENDING)

/** A link to a pseudo terminal, or a file that holds an address; one that was left behind gives way. Gives what removes it. */
export function placeLink(file: string, path: string): () => void {
  mkdirSync(dirname(file), { recursive: true })
  removeLink(file)
  if (path.startsWith(TCP)) writeFileSync(file, path)
  else symlinkSync(path, file)
  return () => {
    // Another simulator may have taken it over.
    if (behind(file) === path) removeLink(file)
  }
}

/** What a port that was written stands for. */
export const portBehind = (path: string): string => (path.endsWith(ENDING) && behind(path)) || path

/** Whether a port is the console of a board that is simulated for the config file of a folder. */
export function isSimulated(path: string, configFolder = "."): boolean {
  if (path.startsWith(TCP) || path.endsWith(ENDING)) return true
  const port = behind(path) ?? path
  return linksIn(join(configFolder, FOLDER)).some((file) => behind(file) === port)
}

function linksIn(folder: string): string[] {
  try {
    return readdirSync(folder).flatMap((name) => (name.endsWith(ENDING) ? [join(folder, name)] : []))
  } catch {
    return []
  }
}

/** What a link or a file holds, though the terminal may be gone. Undefined for anything else, and where nothing is. */
function behind(file: string): string | undefined {
  const stat = lstatSync(file, { throwIfNoEntry: false })
  if (stat?.isSymbolicLink()) return readlinkSync(file)
  return stat?.isFile() ? readFileSync(file, "utf8") : undefined
}

/** A link whose terminal is gone, too: rmSync takes it for nothing. */
function removeLink(file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false })) unlinkSync(file)
}
