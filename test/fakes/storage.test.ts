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

  test("leaves an identical file alone", () => {
    const storage = new FakeStorage()
    storage.write("f", OLD)
    storage.stepsToPowerCut = 0
    expect(storage.write("f", OLD)).toBe(true)
  })

  test("uses up flash with each rewrite, and says when there is none, with the old file in place", () => {
    const storage = new FakeStorage()
    storage.freeBytes = 100
    expect([storage.write("f", OLD), storage.write("f", NEW)]).toEqual([true, false])
    expect(storage.read("f")).toBe(OLD)
  })

  test("refuses what the firmware would bend: empty files, long names, characters that are no bytes", () => {
    const storage = new FakeStorage()
    expect(() => storage.write("f", "")).toThrow("empty")
    expect(() => storage.write("f", "€")).toThrow("bytes")
    expect(() => storage.read("x".repeat(29))).toThrow("would cut")
  })
})
