import type { Telling } from "./machine"

/** 896 KB from 0x320000; names are cut at 28 characters; every write costs a 32-byte header and data on words. */
const CAPACITY = 896 * 1024
const HEADER = 32
const MAX_NAME = 28

/** What the firmware throws (src/jsflash.c, Espruino 2v29). */
const NO_FILE = "Unable to find or create file"
const TOO_MUCH = "Too much data for file size"

/**
 * The chip's Storage. Survives reboots and power cuts. A changed file is erased before it is written again, and the
 * power may go between any two steps: `cutPowerAfter(n)` lets the n-th step from now be the last.
 */
export class Flash {
  private readonly files = new Map<string, string>()
  private used = 0
  private garbage = 0
  private stepsLeft = Infinity
  /** Asked at each step of a write whether the power goes there. */
  isCutAt: (torn: string, file: string) => boolean = () => this.stepsLeft-- <= 0

  constructor(
    private readonly tell: (telling: Telling) => void,
    private readonly onPowerCut: () => void,
  ) {}

  /** A changed write has four steps: erase, header, first half of the data, rest. 0 cuts before the first. */
  cutPowerAfter(steps: number): void {
    this.stepsLeft = steps
  }

  read(name: string): string | undefined {
    return this.files.get(name.slice(0, MAX_NAME))
  }

  list(): string[] {
    return [...this.files.keys()]
  }

  get totalBytes(): number {
    return CAPACITY
  }

  get freeBytes(): number {
    return CAPACITY - this.used
  }

  get garbageBytes(): number {
    return this.garbage
  }

  /** Undefined, or why not; a changed file is lost by then. An identical rewrite costs nothing. */
  write(fullName: string, data: string, offset = 0, size = 0): string | undefined {
    const name = fullName.slice(0, MAX_NAME)
    const old = this.files.get(name)
    if (offset > 0) return this.writePart(name, old, data, offset)
    const length = size || data.length
    if (length < data.length) return TOO_MUCH
    if (old === data && length === data.length) return undefined
    if (old !== undefined) this.erase(name)
    if (!this.makeRoom(footprint(length))) return NO_FILE
    this.writeWhole(name, data, length)
    return undefined
  }

  erase(fullName: string): void {
    const name = fullName.slice(0, MAX_NAME)
    const old = this.files.get(name)
    if (old === undefined) return
    this.step("nothing erased", name)
    this.files.delete(name)
    this.garbage += footprint(old.length)
    this.tell({ kind: "storage", action: "erase", file: name, bytes: old.length })
  }

  eraseAll(): void {
    this.files.clear()
    this.used = this.garbage = 0
  }

  /** Files move together: what runs from one of them does not survive it, so the chip is restarted right behind. */
  compact(): void {
    this.used -= this.garbage
    this.tell({ kind: "storage", action: "compact", file: "*", bytes: this.garbage })
    this.garbage = 0
  }

  /** A torn file looks valid and ends in erased flash, 0xFF. */
  private writeWhole(name: string, data: string, length: number): void {
    this.step("header not written", name)
    this.used += footprint(length)
    this.files.set(name, "\xff".repeat(length))
    this.program(name, data, 0, "data not written")
  }

  /** Into a file that was reserved with a size, where it is still erased. */
  private writePart(name: string, old: string | undefined, data: string, offset: number): string | undefined {
    if (old === undefined) return NO_FILE
    if (offset + data.length > old.length) return TOO_MUCH
    if (/[^\xff]/.test(old.slice(offset, offset + data.length))) return "File already written with different data"
    this.program(name, data, offset, "part not written")
    return undefined
  }

  private program(name: string, data: string, offset: number, torn: string): void {
    const old = this.files.get(name)!
    const written = (length: number) => old.slice(0, offset) + data.slice(0, length) + old.slice(offset + length)
    this.step(torn, name)
    this.files.set(name, written(data.length >> 1))
    this.step("half of the data written", name)
    this.files.set(name, written(data.length))
    this.tell({ kind: "storage", action: "write", file: name, bytes: data.length })
  }

  /** When it is full, erased entries are given back by rewriting the rest. */
  private makeRoom(bytes: number): boolean {
    if (this.used + bytes <= CAPACITY) return true
    if (this.used - this.garbage + bytes > CAPACITY) return false
    this.compact()
    return true
  }

  private step(torn: string, name: string): void {
    if (!this.isCutAt(torn, name)) return
    this.stepsLeft = Infinity
    this.tell({ kind: "storage", action: "torn", file: `${name} (${torn})`, bytes: 0 })
    this.onPowerCut()
  }
}

function footprint(length: number): number {
  return HEADER + Math.ceil(length / 4) * 4
}
