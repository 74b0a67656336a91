import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { createContext, runInContext } from "node:vm"
import * as acorn from "acorn"

/** What this build takes of EspruinoTools: its plugin that writes words and literals as bytes. */
export interface Tokeniser {
  tokenise(code: string): string
  /** One byte back into its word: "\xac" is "function". */
  untokenise(byte: string): string
}

interface Plugin {
  Plugins: { Pretokenise: Tokeniser }
}

const PLUGIN = "espruino/plugins/pretokenise.js"

/**
 * The plugin for a firmware version, in a context of its own. The package's entry point would load all of it: globals
 * replaced (`$`, `navigator`, `document`, `require`), serial ports and Bluetooth searched for, some 40 lines on the
 * console. The plugin alone needs acorn, its own settings and a version.
 */
export function tokeniserFor(firmware: string): Tokeniser {
  const { resolve } = createRequire(import.meta.url)
  const Espruino = {
    // 1 is "as the firmware's version allows".
    Config: { PRETOKENISE: 1 },
    Core: { Env: { getBoardData: () => ({ VERSION: firmware }) } },
    Plugins: {} as Plugin["Plugins"],
  }
  const file = resolve(PLUGIN)
  runInContext(readFileSync(file, "utf8"), createContext({ acorn, Espruino }), { filename: file })
  return Espruino.Plugins.Pretokenise
}
