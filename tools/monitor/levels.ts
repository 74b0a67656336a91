import type { LogLevel } from "../../sim/events"
import { BANNER, IDF_LOG, ROM } from "../console/of-chip"

/** The console has no levels: what the firmware, the chip's ROM and motewire's own programs say is known by its words. */
const LEVELS: [level: LogLevel, pattern: RegExp][] = [
  ["error", /^(Uncaught |OUT OF MEMORY|Execution Interrupted|New interpreter error|ERROR: |Guru Meditation|abort\(\))/],
  ["error", /^(Brownout detector|assert failed|Backtrace:)/],
  ["debug", ROM],
  ["debug", BANNER],
  ["warn", /^(WARNING: |motewire: |restarting: |\d+ messages lost|no settings in Storage)/],
  // src/device/program.ts and the drivers' codes (docs/codes.md)
  ["warn", /^mqtt: (?!online)|^wifi: (?!connected)|: error -\d/],
]

const IDF_LEVELS: Record<string, LogLevel> = { E: "error", W: "warn", I: "debug", D: "debug" }

export function levelOf(line: string): LogLevel {
  const [, letter] = IDF_LOG.exec(line) ?? []
  return letter ? IDF_LEVELS[letter]! : (LEVELS.find(([, pattern]) => pattern.test(line))?.[0] ?? "info")
}

/** Why the board starts anew, where a line says so: the ROM of an ESP32 (`rst:0xc (SW_CPU_RESET)`), or "" for the firmware's greeting. */
export function restartOf(line: string): string | undefined {
  const [, reason] = /^rst:0x[0-9a-f]+ \((\w+)\)/.exec(line) ?? []
  return reason ?? (/^ +\|_\| espruino\.com/.test(line) ? "" : undefined)
}
