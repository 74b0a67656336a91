import { describe, expect, test } from "vitest"
import { FakeStorage, PowerCut } from "./storage"

const OLD = "old".repeat(7)
const NEW = "new".repeat(7)

/** What is left of a file whose rewrite lost power after so many steps. */
function after(steps: number): string | undefined {
  const storage = new FakeStorage()
  storage.write("f", OLD)
  storage.stepsToPowerCut = steps
  expect(() => storage.write("f", NEW)).toThrow(PowerCut)
  return storage.read("f")
}

describe("fake storage", () => {
  test("reads what was written, and undefined where there is nothing", () => {
    const storage = new FakeStorage()
    expect(storage.read("f")).toBeUndefined()
    expect(storage.write("f", NEW)).toBe(true)
    expect(storage.read("f")).toBe(NEW)
  })

  test("loses power in the chip's order: erase, header, data piece by piece", () => {
    expect([0, 1, 2, 3].map(after)).toEqual([OLD, undefined, "\xff".repeat(21), NEW.slice(0, 16) + "\xff".repeat(5)])
  })

  test("loses power right behind a step, when told so, and tells of it before it throws", () => {
    const storage = new FakeStorage()
    let cuts = 0
    storage.onPowerCut = () => cuts++
    storage.bytesAStep = 100
    storage.failsBehindStep = true
    storage.stepsToPowerCut = 2
    expect(() => storage.write("f", NEW)).toThrow(PowerCut)
    expect([storage.read("f"), cuts, storage.steps]).toEqual([NEW, 1, 2])
    expect(() => storage.write("g", NEW)).toThrow(PowerCut)
    expect([storage.read("g"), cuts]).toEqual([undefined, 2])
  })

  test("leaves an identical file alone", () => {
    const storage = new FakeStorage()
    storage.write("f", OLD)
    storage.stepsToPowerCut = 0
    expect(storage.write("f", OLD)).toBe(true)
  })

  test("uses up flash with each rewrite; what does not fit throws, the old file being lost by then", () => {
    const storage = new FakeStorage()
    storage.freeBytes = 100
    storage.write("f", OLD)
    expect(storage.getStats()).toEqual({ freeBytes: 44, trashBytes: 0 })
    expect(() => storage.write("f", NEW)).toThrow("Unable to find or create file")
    expect(storage.read("f")).toBeUndefined()
    expect(storage.getStats()).toEqual({ freeBytes: 44, trashBytes: 56 })
  })

  test("fills a file that was reserved with a size piece by piece, and only where nothing stands", () => {
    const storage = new FakeStorage()
    storage.bytesAStep = 1
    expect([storage.write("f", "ab", 0, 6), storage.write("f", "cd", 2)]).toEqual([true, true])
    expect(storage.read("f")).toBe("abcd\xff\xff")
    expect(() => storage.write("f", "x", 3)).toThrow("already written")
    expect(() => storage.write("f", "xyz", 4)).toThrow("Too much data")
    expect(() => storage.write("g", "x", 1)).toThrow("Unable to find")
    storage.stepsToPowerCut = 1
    expect(() => storage.write("f", "ef", 4)).toThrow(PowerCut)
    expect(storage.read("f")).toBe("abcde\xff")
  })

  test("gives the room of erased files back when it is compacted", () => {
    const storage = new FakeStorage()
    storage.write("f", OLD)
    storage.write("f", NEW)
    const { freeBytes, trashBytes } = storage.getStats()
    storage.compact()
    expect(storage.getStats()).toEqual({ freeBytes: freeBytes + trashBytes, trashBytes: 0 })
    expect(storage.read("f")).toBe(NEW)
  })

  test("refuses what the firmware would bend: empty files, long names, characters that are no bytes", () => {
    const storage = new FakeStorage()
    expect(() => storage.write("f", "")).toThrow("zero length")
    expect(() => storage.write("f", "€")).toThrow("bytes")
    expect(() => storage.read("x".repeat(29))).toThrow("would cut")
  })
})
