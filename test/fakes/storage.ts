import type { Storage } from "../../src/hal/storage"

export class PowerCut extends Error {}

/** Bytes that reach the flash between two moments at which power may fail. */
const BYTES_A_STEP = 16

/**
 * Storage as the chip has it (Espruino 2v29): an identical file is left alone; a changed one is erased first, then
 * its header is written, then its data. A torn file has its full length and reads as 0xFF where nothing was written.
 */
export class FakeStorage implements Storage {
  readonly files = new Map<string, string>()
  freeBytes = 1_000_000
  /** How many steps are still powered; the step after them throws PowerCut and leaves the flash as it is. */
  stepsToPowerCut = Infinity

  read(name: string): string | undefined {
    this.refuseLongName(name)
    return this.files.get(name)
  }

  write(name: string, data: string): boolean {
    this.refuseLongName(name)
    if (!data) throw new Error("the firmware refuses empty files")
    if (/[^\0-\xff]/.test(data)) throw new Error("a file holds bytes")
    if (this.files.get(name) === data) return true
    if (data.length + 32 > this.freeBytes) return false
    this.step(() => this.files.delete(name))
    this.step(() => this.files.set(name, "\xff".repeat(data.length)))
    for (let end = BYTES_A_STEP; end - BYTES_A_STEP < data.length; end += BYTES_A_STEP)
      this.step(() => this.files.set(name, data.slice(0, end) + "\xff".repeat(Math.max(0, data.length - end))))
    this.freeBytes -= data.length + 32
    return true
  }

  private step(run: () => void): void {
    if (this.stepsToPowerCut-- <= 0) throw new PowerCut("power failed")
    run()
  }

  private refuseLongName(name: string): void {
    if (name.length > 28) throw new Error(`the firmware would cut the name ${name}`)
  }
}
