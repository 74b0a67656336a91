import { loadBoards } from "../config/boards"

/** What boards/*.json say of a chip. Espruino has one build for each, so the boards of a chip agree on all of this. */
export interface Chip {
  /** As in boards/*.json, which is as esptool writes it. */
  name: string
  bootloaderAt: number
  partitionsAt: number
  appAt: number
  flashMode: string
  flashFrequency: string
  storageAt: number
  /** Espruino's console is the chip's own USB, not the UART that a board's bridge hangs on. */
  speaksOwnUsb: boolean
}

/** Chips that motewire knows a board of. */
export function chipsOfBoards(): Chip[] {
  const chips = new Map<string, Chip>()
  for (const { chip: name, firmware, storage, usb } of loadBoards())
    chips.set(name, {
      name,
      bootloaderAt: Number(firmware.bootloader),
      partitionsAt: Number(firmware.partitions),
      appAt: Number(firmware.app),
      flashMode: firmware.flashMode,
      flashFrequency: firmware.flashFrequency,
      storageAt: Number(storage.offset),
      speaksOwnUsb: usb.console === "chip",
    })
  return [...chips.values()].sort((a, b) => a.name.localeCompare(b.name))
}

/** The chip that a user wrote, "esp32c3" as well as "ESP32-C3". */
export const chipCalled = (chips: Chip[], written: string): Chip | undefined =>
  chips.find(({ name }) => plain(name) === plain(written))

const plain = (name: string) => name.toLowerCase().replace(/[-_ ]/g, "")
