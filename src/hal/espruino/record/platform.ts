import type { Chip } from "../../chip"
import type { Platform } from "../../platform"
import type { Storage } from "../../storage"
import type { Wifi } from "../../wifi"
import { recordNetwork } from "./network"
import type { Recorder } from "./recorder"

/** The platform as a program sees it, recorded. `totalBlocks` stands in the first record, with the chip's serial number. */
export function recordPlatform(platform: Platform, recorder: Recorder, totalBlocks: number): Platform {
  recorder.note("B1," + platform.chip.serial() + "," + totalBlocks)
  return {
    chip: recordChip(platform.chip, recorder),
    network: recordNetwork(platform.network, recorder),
    storage: recordStorage(platform.storage, recorder),
    wifi: recordWifi(platform.wifi, recorder),
    conceal: recorder.conceal,
  }
}

function recordChip(chip: Chip, recorder: Recorder): Chip {
  /** A program has one timer. */
  let run: () => void
  const onTimer = () => {
    recorder.enter("t", "")
    run()
  }
  return {
    nowMs: recorder.nowMs,
    arm(onDue, inMs) {
      run = onDue
      return chip.arm(onTimer, inMs)
    },
    disarm: chip.disarm,
    freeBlocks() {
      const blocks = chip.freeBlocks()
      recorder.note("m" + blocks)
      return blocks
    },
    errorFlags() {
      const flags = chip.errorFlags()
      if (flags.length) recorder.note("g" + flags)
      return flags
    },
    onFault(onError) {
      chip.onFault(() => {
        recorder.enter("f", "")
        onError()
      })
    },
    startWatchdog: chip.startWatchdog,
    feedWatchdog: chip.feedWatchdog,
    reboot() {
      // First room, then the note: without it the host would take the restart for a crash.
      recorder.flush()
      recorder.note("R")
      recorder.flush()
      chip.reboot()
    },
    serial: chip.serial,
    random: chip.random,
    seed: chip.seed,
    crc32: chip.crc32,
    log: (text) => recorder.note("l" + JSON.stringify("" + text)),
    warn: (text) => recorder.note("L" + JSON.stringify("" + text)),
  }
}

/** Names and lengths: what is written may be anything. */
const recordStorage = (storage: Storage, recorder: Recorder): Storage => ({
  read: (name) => storage.read(name),
  write(name, data, offset, size) {
    recorder.note("s" + name + "," + data.length)
    return storage.write(name, data, offset, size)
  },
  erase(name) {
    recorder.note("S" + name)
    return storage.erase(name)
  },
  getStats: () => storage.getStats(),
})

/** Neither the network's name nor its password is told. */
const recordWifi = (wifi: Wifi, recorder: Recorder): Wifi => ({
  connect(ssid, options, onDone) {
    recorder.note("j")
    wifi.connect(ssid, options, (error) => {
      recorder.enter("J", error ? "," + JSON.stringify(error) : "")
      onDone(error)
    })
  },
  disconnect() {
    recorder.note("u")
    wifi.disconnect()
  },
  on(event: string, run: (details: never) => void) {
    const isUp = event === "connected"
    wifi.on(event as "connected", (details: { ip?: string; msg?: string; reason?: string }) => {
      recorder.enter(isUp ? "U" : "D", "," + JSON.stringify((isUp ? details.ip : details.msg || details.reason) || ""))
      run(details as never)
    })
  },
  getHostByName(host, onAddress) {
    wifi.getHostByName(host, (ip) => {
      recorder.enter("G", "," + host + "," + (ip || ""))
      onAddress(ip)
    })
  },
})
