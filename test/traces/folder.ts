import { mkdtempSync } from "node:fs"
import os from "node:os"
import path from "node:path"

/** A new one; the tests' own temporary folder is removed when they are over (test/temporary-folder.ts). */
export const temporaryFolder = (): string => mkdtempSync(path.join(os.tmpdir(), "motewire-trace-"))
