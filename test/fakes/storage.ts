import type { Storage } from "../../src/hal/storage"

export class PowerCut extends Error {}

const HEADER_BYTES = 32
const ERASED = "\xff"

/** Bytes a file takes in flash. */
const footprint = (length: number): number => HEADER_BYTES + Math.ceil(length / 4) * 4

/**
 * Storage as the chip has it (Espruino 2v29): an identical file is left alone; a changed one is erased first, then
 * its header is written, then its data. A torn file has its full length and reads as 0xFF where nothing was written.
 */
export class FakeStorage implements Storage {
  readonly files = new Map<string, string>()
  freeBytes = 1_000_000
  trashBytes = 0
  /** How many steps are still powered; the step after them throws PowerCut and leaves the flash as it is. */
  stepsToPowerCut = Infinity
  /** Power fails right behind the last step, before anything else can happen, and not right before the next one. */
  failsBehindStep = false
  /** Told at once: who is in the middle of a write may catch what is thrown. */
  onPowerCut: () => void = () => undefined
  /** Steps taken so far, for sweeps over all of them. */
  steps = 0
  /** Bytes that reach the flash between two moments at which power may fail. */
  bytesAStep = 16

  read(name: string): string | undefined {
    this.refuseLongName(name)
    return this.files.get(name)
  }

  getStats(): { freeBytes: number; trashBytes: number } {
    return { freeBytes: this.freeBytes, trashBytes: this.trashBytes }
  }

  /** What the firmware does before it restarts. */
  compact(): void {
    this.freeBytes += this.trashBytes
    this.trashBytes = 0
  }

  write(name: string, data: string, offset = 0, size = 0): boolean {
    this.refuseLongName(name)
    if (!data) throw new Error("Can't create zero length file")
    if (/[^\0-\xff]/.test(data)) throw new Error("a file holds bytes")
    const old = this.files.get(name)
    if (offset) return this.fill(name, old, data, offset)
    const length = size || data.length
    if (old === data && old.length === length) return true
    this.erase(name)
    if (footprint(length) > this.freeBytes) throw new Error("Unable to find or create file")
    this.step(() => {
      this.files.set(name, ERASED.repeat(length))
      this.freeBytes -= footprint(length)
    })
    return this.fill(name, ERASED.repeat(length), data, 0)
  }

  erase(name: string): void {
    const old = this.files.get(name)
    if (old === undefined) return
    this.step(() => {
      this.files.delete(name)
      this.trashBytes += footprint(old.length)
    })
  }

  /** Flash takes bytes where it is erased. */
  private fill(name: string, old: string | undefined, data: string, offset: number): boolean {
    if (old === undefined) throw new Error("Unable to find or create file")
    if (offset + data.length > old.length) throw new Error("Too much data for file size")
    if (/[^\xff]/.test(old.slice(offset, offset + data.length)))
      throw new Error("File already written with different data")
    for (let end = 0; end < data.length;) {
      end = Math.min(data.length, end + this.bytesAStep)
      this.step(() => this.files.set(name, old.slice(0, offset) + data.slice(0, end) + old.slice(offset + end)))
    }
    return true
  }

  private step(run: () => void): void {
    if (this.stepsToPowerCut-- <= 0) this.cut()
    this.steps++
    run()
    if (this.failsBehindStep && this.stepsToPowerCut === 0) this.cut()
  }

  private cut(): never {
    this.stepsToPowerCut = -1
    this.onPowerCut()
    throw new PowerCut("power failed")
  }

  private refuseLongName(name: string): void {
    if (name.length > 28) throw new Error(`the firmware would cut the name ${name}`)
  }
}
