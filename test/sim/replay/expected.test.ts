import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import type { Board } from "../../../sim/board"
import type { Telling } from "../../../sim/espruino/machine"
import type { HouseEvent } from "../../../sim/events"
import { BoardReplay } from "../../../sim/replay/board"
import { brokeReason } from "../../../sim/replay/broke"
import { Expected } from "../../../sim/replay/expected"

const TOLERANCE_US = 100
const at = (atUs: number, telling: Telling) => ({ atUs, device: "lamp", ...telling }) as HouseEvent
const log = (atUs: number, text: string) => at(atUs, { kind: "log", level: "info", text })
const sent = (atUs: number, bytes: string) => at(atUs, { kind: "net", direction: "tx", connection: 1, bytes })
const edge = (atUs: number, level: "rise" | "fall", pin = "GPIO16") => at(atUs, { kind: "pin", pin, level, by: "chip" })
const never = () => false

describe("what a board did", () => {
  it("is in order on each wire, and between wires as it comes", () => {
    const expected = new Expected([log(10, "a"), edge(10, "rise"), log(20, "b")], TOLERANCE_US)
    expect(expected.take(edge(15, "rise")).isSame).toBe(true)
    expect(expected.take(log(12, "b"))).toEqual({ isSame: false, isCompared: true, expected: log(10, "a") })
    expect(expected.take(log(12, "a")).isSame).toBe(true)
    expect(expected.take(log(22, "b")).isSame).toBe(true)
    expect(expected.take(log(23, "c"))).toEqual({ isSame: false, isCompared: true })
  })

  it("may come so much earlier or later, and no more", () => {
    const expected = () => new Expected([log(1000, "a")], TOLERANCE_US)
    expect(expected().take(log(900, "a")).isSame).toBe(true)
    expect(expected().take(log(899, "a")).isSame).toBe(false)
    expect(expected().overdue(1100, never)).toBeUndefined()
    expect(expected().overdue(1101, never)).toEqual(log(1000, "a"))
  })

  it("knows of a call that blocks only when it came back", () => {
    const strip = (atUs: number) => at(atUs, { kind: "strip", pin: "GPIO16", bytes: "abc" })
    const expected = () => new Expected([strip(2_000_000)], TOLERANCE_US)
    expect(expected().take(strip(1_000_000)).isSame).toBe(true)
    expect(expected().take(strip(999_899)).isSame).toBe(false)
    expect(expected().take(strip(2_000_101)).isSame).toBe(false)
  })

  it("sends bytes that are cut in other places, and each of them counts", () => {
    const expected = () => new Expected([sent(10, "abc"), sent(20, "def")], TOLERANCE_US)
    expect(expected().take(sent(30, "abcdef")).isSame).toBe(true)
    const one = expected()
    expect(one.take(sent(30, "ab")).isSame).toBe(true)
    expect(one.take(sent(31, "cdef")).isSame).toBe(true)
    expect(expected().take(sent(30, "abceef")).isSame).toBe(false)
    expect(expected().take(sent(30, "abcdefg")).isSame).toBe(false)
  })

  it("leaves out edges of pins that are a bus's or a lamp's, and no others", () => {
    const pwm = at(10, { kind: "pwm", pin: "GPIO17", duty: 1, frequencyHz: 5000 })
    const expected = new Expected([pwm, edge(10, "rise")], TOLERANCE_US)
    expect(expected.take(edge(10, "rise", "GPIO17"))).toEqual({ isSame: true, isCompared: false })
    expect(expected.take(edge(10, "rise", "GPIO18"))).toEqual({ isSame: false, isCompared: true })
  })

  it("need not be seen where it changes nothing", () => {
    const expected = new Expected([edge(10, "fall"), log(10, "a")], TOLERANCE_US)
    expect(expected.overdue(1000, ({ kind }) => kind === "pin")).toEqual(log(10, "a"))
  })
})

describe("the replay of a board", () => {
  const board = JSON.parse(readFileSync("boards/esp32-devkitc.json", "utf8")) as Board
  const device = { name: "lamp", board: board.name, bundle: "0".repeat(64), mac: [36, 10, 196, 0, 0, 1] }
  const replay = (events: HouseEvent[], bundle: string) =>
    new BoardReplay({ device, board, bundle, events, toleranceUs: TOLERANCE_US }).run()
  const boot = (atUs: number, boots: number, reason: "power" | "reboot" = "power") =>
    at(atUs, { kind: "boot", boots, reason })
  const timer = (atUs: number) => at(atUs, { kind: "timer" })
  /** From the first line of the program on, the chip's time is 0, in each of its lives. */
  const RESTARTS = "setTimeout(function () { print(Math.round(getTime() * 1e6)); E.reboot() }, 100)"

  it("goes on behind a restart that the program asks for", () => {
    const life = (zeroUs: number, lateUs: number) => [
      timer(zeroUs + 100_000 + lateUs),
      log(zeroUs + 100_000 + lateUs, `${100_000 + lateUs}`),
    ]
    const events = [
      ...[boot(0, 1), ...life(350_000, 7), boot(450_007, 2, "reboot")],
      ...[...life(800_007, 3000), boot(903_007, 3, "reboot")],
    ]
    expect(replay(events, RESTARTS)).toEqual({ inputs: 3, outputs: 4, untilUs: 903_007 })
    const other = "setTimeout(function () { print(Math.round(getTime() * 1e6)) }, 100)"
    expect(replay(events, other).difference!.expected).toEqual(boot(450_007, 2, "reboot"))
  })

  it("stops where a piece of the recording is lost, and says why", () => {
    const program = "setTimeout(function () { print(1) }, 100)"
    const broke = at(500_000, { kind: "fault", reason: brokeReason("line 7 is missing") })
    const events = [boot(0, 1), timer(450_000), log(450_000, "1"), broke, log(600_000, "never said")]
    expect(replay(events, program)).toEqual({ inputs: 2, outputs: 1, untilUs: 500_000, broke: "line 7 is missing" })
  })

  it("does not ask for what the last callback did when the recording ended in it", () => {
    const program = "setTimeout(function () { print(1); print(2) }, 100)"
    const events = [boot(0, 1), timer(450_000), log(450_000, "1")]
    expect(replay(events, program).difference).toBeUndefined()
    expect(replay([...events, timer(900_000)], program).difference!.got).toEqual(log(450_000, "2"))
  })
})
