import type { Serial } from "../serial"

interface EspruinoSerial extends Serial {
  setup(baud: number, options: { tx: number; rx: number }): void
}

declare const Serial2: EspruinoSerial

/** `pins` are TX and RX. Serial1 is the chip's console. */
export function openSerial([tx, rx]: number[], baud: number): Serial {
  Serial2.setup(baud, { tx: tx!, rx: rx! })
  return Serial2
}
