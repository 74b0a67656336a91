import { existsSync, readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { nearest } from "../../sim/nearest"

const DRIVERS = "motewire/drivers/"

/** Why an import leads nowhere, and what may stand there instead. */
export function unresolved(wanted: string, root: string): { reason: string; remedy: string } {
  if (wanted.startsWith(DRIVERS)) {
    const remedy = `There are ${driversIn(root).join(", ")}. A driver of your own stands in a file beside the program.`
    return { reason: `There is no driver "${wanted.slice(DRIVERS.length)}".`, remedy }
  }
  if (/^motewire(\/|$)/.test(wanted))
    return {
      reason: `motewire has no module "${wanted}".`,
      remedy: 'Import from "motewire" or "motewire/drivers/...".',
    }
  if (/^[./]/.test(wanted))
    return { reason: `There is no file "${wanted}".`, remedy: "Check the path: it starts at the folder of this file." }
  return {
    reason: `There is no module "${wanted}" for device code.`,
    remedy: 'Import relative files or "motewire/...": npm and Node modules cannot run on the chip.',
  }
}

/** An import of a name that is not there, and which one may be meant. `file` is absolute. */
export function notExported(name: string, file: string, root: string): { reason: string; remedy: string } {
  const [near] = nearest(name, existsSync(file) ? exportsOf(readFileSync(file, "utf8")) : [], 1)
  const remedy = near
    ? `Did you mean ${near}?`
    : "Import a name that it exports; import and re-export types with `type`."
  return { reason: `${moduleAt(file, root)} does not export "${name}".`, remedy }
}

/** As a program imports it: `motewire`, `motewire/drivers/ntc`; files of its own by their path. */
function moduleAt(file: string, root: string): string {
  const inside = path.relative(path.join(root, "src"), file)
  if (inside.startsWith("..")) return path.relative(root, file)
  return inside === "index.ts" ? "motewire" : `motewire/${inside.replace(/\.ts$/, "")}`
}

/** Values alone: types are not missed by who misspelt a function. */
function exportsOf(source: string): string[] {
  const declared = [...source.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name)
  const listed = [...source.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names]) => names.split(","))
  return [...declared, ...listed.flatMap((each) => /(\w+)\s*$/.exec(each)?.[1] ?? [])]
}

function driversIn(root: string): string[] {
  const folder = path.join(root, "src/drivers")
  const files = existsSync(folder) ? readdirSync(folder) : []
  return files.filter((file) => /\.ts$/.test(file)).map((file) => file.slice(0, -3))
}
