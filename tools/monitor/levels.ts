import type { LogLevel } from "../../sim/events"

/** The console has no levels: what the firmware, the chip's ROM and motewire's own programs say is known by its words. */
const LEVELS: [level: LogLevel, pattern: RegExp][] = [
  [
    "error",
    /^(Uncaught |OUT OF MEMORY|Execution Interrupted|New interpreter error|ERROR: |E \(\d+\) |Guru Meditation|abort\(\))/,
  ],
  ["error", /^(Brownout detector|assert failed|Backtrace:)/],
  ["debug", /^(ets [A-Z]|rst:|configsip|clk_drv|mode:|load:|entry |ESP-ROM|Build:|SPIWP|Saved PC|[ID] \(\d+\) )/],
  ["debug", /^[\s_|.-]+$|espruino\.com|G\.Williams$|^Espruino is Open Source|^only by sales of/],
  ["warn", /^(WARNING: |W \(\d+\) |motewire: |restarting: |\d+ messages lost|no settings in Storage)/],
  // src/device/program.ts and the drivers' codes (docs/codes.md)
  ["warn", /^mqtt: (?!online)|^wifi: (?!connected)|: error -\d/],
]

export const levelOf = (line: string): LogLevel => LEVELS.find(([, pattern]) => pattern.test(line))?.[0] ?? "info"

/** Why the board starts anew, where a line says so: the ROM of an ESP32 (`rst:0xc (SW_CPU_RESET)`), or "" for the firmware's greeting. */
export function restartOf(line: string): string | undefined {
  const [, reason] = /^rst:0x[0-9a-f]+ \((\w+)\)/.exec(line) ?? []
  return reason ?? (/^ +\|_\| espruino\.com/.test(line) ? "" : undefined)
}
