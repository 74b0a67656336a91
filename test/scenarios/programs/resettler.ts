import climate from "motewire/apps/climate"
import { readSettings, writeSettings } from "motewire/device/settings"
import type { Platform } from "motewire/hal/platform"

/** The climate node, which at every start first moves its topic on by one: count/1, count/2 ... */
export default function resettler(platform: Platform): void {
  const { storage, chip } = platform
  const record = readSettings(storage, chip.crc32)
  if (record) {
    record.s.topic = `count/${parseInt(String(record.s.topic).substr(6)) + 1}`
    writeSettings(storage, record, chip.crc32)
  }
  climate(platform)
}
