import type { Platform } from "../platform"
import type { Network } from "../socket"
import type { Storage } from "../storage"
import type { Wifi } from "../wifi"
import type { ClearTimeout, EspruinoE, EspruinoProcess, GetTime, Require, SetTimeout } from "./globals"

declare const require: Require
declare const setTimeout: SetTimeout
declare const clearTimeout: ClearTimeout
declare const getTime: GetTime
declare const getSerial: () => string
declare const E: EspruinoE
declare const process: EspruinoProcess
declare const console: { log(text: string): void; warn(text: string): void }

/** The chip under a program: Espruino's modules as they are, and its scattered functions gathered. */
export const platform: Platform = {
  network: require("net") as Network,
  storage: require("Storage") as Storage,
  wifi: require("Wifi") as Wifi,
  chip: {
    nowMs: () => getTime() * 1000,
    arm: setTimeout,
    disarm: clearTimeout,
    freeBlocks: () => process.memory().free,
    errorFlags: E.getErrorFlags,
    onFault: (run) => E.on("errorFlag", run),
    startWatchdog: (seconds) => E.enableWatchdog(seconds, false),
    feedWatchdog: E.kickWatchdog,
    reboot: E.reboot,
    serial: getSerial,
    random: Math.random,
    seed: E.srand,
    crc32: E.CRC32,
    log: console.log,
    warn: console.warn,
  },
}
