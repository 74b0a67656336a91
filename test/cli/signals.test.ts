import { afterEach, expect, test, vi } from "vitest"
import type { Host } from "../../tools/cli/sim/host"
import type { Output } from "../../tools/cli/sim/output"
import { onInterrupt } from "../../tools/cli/sim/signals"

const told: string[] = []
const host = { stop: () => told.push("stop") } as unknown as Host
const output = { close: () => told.push("close") } as unknown as Output

function interrupts() {
  told.length = 0
  vi.useFakeTimers()
  vi.spyOn(process, "exit").mockImplementation((code) => {
    throw new Error(`exit ${code}`)
  })
  return onInterrupt(host, output)
}

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test("the first Ctrl-C asks the house to end, the second ends at once with the screen closed", () => {
  const release = interrupts()
  process.emit("SIGINT")
  expect(told).toEqual(["stop"])
  expect(() => process.emit("SIGINT")).toThrow("exit 130")
  expect(told).toEqual(["stop", "close"])
  release()
})

test("a house that does not end is left after three seconds", () => {
  const release = interrupts()
  process.emit("SIGTERM")
  vi.advanceTimersByTime(2999)
  expect(told).toEqual(["stop"])
  expect(() => vi.advanceTimersByTime(1)).toThrow("exit 130")
  release()
})

test("a reader that closes its pipe ends the run in order", () => {
  const release = interrupts()
  process.stdout.emit("error", Object.assign(new Error("write EPIPE"), { code: "EPIPE" }))
  expect(told).toEqual(["stop"])
  release()
})

test("after the run nothing listens any more", () => {
  const before = process.listenerCount("SIGINT")
  const release = interrupts()
  expect(process.listenerCount("SIGINT")).toBe(before + 1)
  release()
  expect(process.listenerCount("SIGINT")).toBe(before)
})
