import type { Telling } from "./machine"

/** 896 KB from 0x320000; names are cut at 28 characters; every write costs a 32-byte header and data on words. */
const CAPACITY = 896 * 1024
const HEADER = 32
const MAX_NAME = 28

/**
 * The chip's Storage. Survives reboots and power cuts. A changed file is erased before it is written again, and the
 * power may go between any two steps: `cutPowerAfter(n)` lets the n-th step from now be the last.
 */
export class Flash {
  private readonly files = new Map<string, string>()
  private used = 0
  private garbage = 0
  private stepsLeft = Infinity

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

  get freeBytes(): number {
    return CAPACITY - this.used
  }

  get garbageBytes(): number {
    return this.garbage
  }

  /** False when it does not fit. An identical rewrite costs nothing. */
  write(fullName: string, data: string, offset = 0, size = 0): boolean {
    const name = fullName.slice(0, MAX_NAME)
    const old = this.files.get(name)
    const isPart = old !== undefined && (offset > 0 || size > 0)
    if (isPart && offset + data.length <= old.length) return this.writePart(name, old, data, offset)
    const blank = size > data.length ? "\xff".repeat(size) : ""
    const whole = blank ? blank.slice(0, offset) + data + blank.slice(offset + data.length) : data
    if (old === whole) return true
    if (!this.makeRoom(footprint(whole))) return false
    if (old !== undefined) this.erase(name)
    return this.writeWhole(name, whole)
  }

  erase(fullName: string): void {
    const name = fullName.slice(0, MAX_NAME)
    const old = this.files.get(name)
    if (old === undefined) return
    this.step("nothing erased", name)
    this.files.delete(name)
    this.garbage += footprint(old)
    this.tell({ kind: "storage", action: "erase", file: name, bytes: old.length })
  }

  eraseAll(): void {
    this.files.clear()
    this.used = this.garbage = 0
  }

  /** A torn file looks valid and ends in erased flash, 0xFF. */
  private writeWhole(name: string, data: string): boolean {
    this.step("header not written", name)
    this.used += footprint(data)
    this.files.set(name, "\xff".repeat(data.length))
    this.step("data not written", name)
    const half = data.length >> 1
    this.files.set(name, data.slice(0, half) + "\xff".repeat(data.length - half))
    this.step("half of the data written", name)
    this.files.set(name, data)
    this.tell({ kind: "storage", action: "write", file: name, bytes: data.length })
    return true
  }

  /** Into a file that was reserved with a size: flash can only clear bits. */
  private writePart(name: string, old: string, data: string, offset: number): boolean {
    let bytes = ""
    for (let i = 0; i < data.length; i++) bytes += String.fromCharCode(old.charCodeAt(offset + i) & data.charCodeAt(i))
    this.step("part not written", name)
    this.files.set(name, old.slice(0, offset) + bytes + old.slice(offset + data.length))
    return true
  }

  /** When it is full, erased entries are given back by rewriting the rest. */
  private makeRoom(bytes: number): boolean {
    if (this.used + bytes <= CAPACITY) return true
    if (this.used - this.garbage + bytes > CAPACITY) return false
    this.used -= this.garbage
    this.tell({ kind: "storage", action: "compact", file: "*", bytes: this.garbage })
    this.garbage = 0
    return true
  }

  private step(torn: string, name: string): void {
    if (this.stepsLeft-- > 0) return
    this.stepsLeft = Infinity
    this.tell({ kind: "storage", action: "torn", file: `${name} (${torn})`, bytes: 0 })
    this.onPowerCut()
  }
}

function footprint(data: string): number {
  return HEADER + Math.ceil(data.length / 4) * 4
}
