import { existsSync, readdirSync } from "node:fs"
import path from "node:path"

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

function driversIn(root: string): string[] {
  const folder = path.join(root, "src/drivers")
  const files = existsSync(folder) ? readdirSync(folder) : []
  return files.filter((file) => /\.ts$/.test(file)).map((file) => file.slice(0, -3))
}
