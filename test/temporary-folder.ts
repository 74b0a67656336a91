import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** Runs once around all tests: what they write into the system's temporary folder goes into one, and goes away with it. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "motewire-test-"))
  process.env.TMPDIR = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
