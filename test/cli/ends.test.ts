import { expect, test } from "vitest"
import type { HouseEvent } from "../../sim/events"
import { Ends } from "../../tools/cli/sim/ends"

const at = { atUs: 0, device: "bulb" }
const boot: HouseEvent = { ...at, kind: "boot", boots: 1, reason: "power" }
const halt: HouseEvent = { ...at, kind: "halt", reason: "no return within 5000 ms of host time", callback: "timer" }
const uncaught: HouseEvent = { ...at, kind: "log", level: "error", text: "Uncaught TypeError: no" }
const house = { devices: new Map([["bulb", {}]]) } as unknown as Parameters<Ends["failures"]>[0]

function failures(...heard: [event: HouseEvent, isBooting: boolean][]): string[] {
  const ends = new Ends()
  for (const [event, isBooting] of heard) ends.hear(event, isBooting)
  return ends.failures(house)
}

test("a board that stopped for good is named with its reason", () => {
  expect(failures([boot, false], [halt, false])).toEqual([
    "bulb stopped: no return within 5000 ms of host time in timer.",
  ])
})

test("a board that a watchdog started again is no failure", () => {
  expect(failures([halt, false], [boot, false])).toEqual([])
})

test("an error while the program starts is a failure, one in a later callback is not", () => {
  expect(failures([boot, false], [uncaught, true])).toEqual(["bulb threw while it started: Uncaught TypeError: no"])
  expect(failures([boot, false], [uncaught, false])).toEqual([])
})
