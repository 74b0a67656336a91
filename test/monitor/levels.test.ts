import { expect, test } from "vitest"
import { levelOf, restartOf } from "../../tools/monitor/levels"

test.each([
  ["wifi: connected", "info"],
  ["mqtt: online, 2 dropped", "info"],
  ["=true", "info"],
  ["wifi: no such network", "warn"],
  ["mqtt: no answer from 10.0.0.2", "warn"],
  ["dht22: error -3", "warn"],
  ["restarting: out of memory", "warn"],
  ["WARNING: something", "warn"],
  ["W (123) wifi: beacon lost", "warn"],
  ["motewire: the new program did not come up", "warn"],
  ['Uncaught ReferenceError: "x" is not defined', "error"],
  ["Execution Interrupted during event processing.", "error"],
  ["New interpreter error: LOW_MEMORY,MEMORY", "error"],
  ["E (123) wifi: no memory", "error"],
  ["Guru Meditation Error: Core 0 panic'ed (LoadProhibited)", "error"],
  ["ets Jul 29 2019 12:21:46", "debug"],
  ["rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)", "debug"],
  ["|  __|___ ___ ___ _ _|_|___ ___ ", "debug"],
])("%s is %s", (line, level) => {
  expect(levelOf(line)).toBe(level)
})

test("a restart is known by the ROM's reason, or by the firmware's greeting", () => {
  expect(restartOf("rst:0x8 (TG1WDT_SYS_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)")).toBe("TG1WDT_SYS_RESET")
  expect(restartOf("         |_| espruino.com")).toBe("")
  expect(restartOf("wifi: connected")).toBeUndefined()
})
