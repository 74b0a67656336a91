import { setTimeout as sleep } from "node:timers/promises"
import { afterEach, describe, expect, it } from "vitest"
import type { SimulatedBoard } from "../../tools/console/board"
import { crc32 } from "../../src/util/crc32"
import { MARKS_BYTES, encodeRecord, RECORDS } from "../../tools/flash/loader"
import type { SerialLine } from "../../tools/serial/port"
import { emptyBoard, programCalled, put, running } from "./board"

let board: SimulatedBoard
afterEach(() => board?.close())

/** The cable is pulled when these bytes were to go over it. */
function pulledBefore(line: SerialLine, words: string): SerialLine {
  let onClose = () => {}
  return {
    ...line,
    onClose: (run) => void (onClose = run),
    write(bytes) {
      if (!bytes.includes(words)) line.write(bytes)
      else void line.close().then(() => onClose())
    },
  }
}

/** A board on which `new` runs and nobody has confirmed it; its trial takes 3 s here. */
async function onTrial(): Promise<SerialLine> {
  board = emptyBoard({}, 20)
  await put(board.line, programCalled("old"), "one")
  await expect(put(pulledBefore(board.line, "\x10E.reboot"), programCalled("new"), "two")).rejects.toThrow(/unplugged/)
  board.powerOff()
  board.powerOn()
  const again = board.plugIn()
  expect(await running(again)).toEqual(["new", "two"])
  return again
}

const records = () => RECORDS.map((name) => board.files()[name]!)
const isConfirmed = (record: string) => record.endsWith("kkkk") || record.includes("kkkk\xff")

describe("what motewire flash leaves of a board", { timeout: 60_000 }, () => {
  it("keeps a program that runs unconfirmed: the next flash does not bring back the one before it", async () => {
    const line = await onTrial()
    await put(line, undefined, "three")
    expect(await running(line)).toEqual(["new", "three"])
    board.powerOff()
    board.powerOn()
    expect(await running(line)).toEqual(["new", "three"])
  })

  it("confirms by a trial's timer the record that was tried, and none that took its place", async () => {
    await onTrial()
    const at = records().findIndex((record) => !isConfirmed(record))
    const [slot, old] = ["mw.1", programCalled("old")]
    expect(board.files()[slot]).toBe(old)
    const head = { sequence: 99, slot, bytes: old.length, crc: crc32(old) }
    const another = encodeRecord({ ...head, settingsFile: "mw.a", settings: "{}" }) + "\xff".repeat(MARKS_BYTES)
    board.house.act((house) => house.device("board").chip.flash.write(RECORDS[at]!, another))
    // More than a minute of the board's time.
    await sleep(4000)
    expect(records()[at]).toBe(another)
  })

  it("sends the restart again when it was spoilt on its way", async () => {
    board = emptyBoard()
    await put(board.line, programCalled("old"), "one")
    let spoilt = 0
    const line = { ...board.line }
    line.write = (bytes) => board.line.write(spoilt ? bytes : bytes.replace(/E\.reboot/, () => (spoilt++, "E.eboot")))
    const { verdict } = await put(line, programCalled("new"), "two")
    expect(spoilt).toBe(1)
    expect(verdict!.words).toEqual(["here is new"])
    expect(await running(board.line)).toEqual(["new", "two"])
  })

  it("starts a board again that had to be stopped, when nothing was written", async () => {
    board = emptyBoard()
    await put(board.line, programCalled("old"), "one")
    // It hears nothing until it is reset, like a program that waits in a call.
    let isDeaf = true
    const line = { ...board.line, reset: async () => !(isDeaf = false) }
    line.write = (bytes) => isDeaf || board.line.write(bytes)
    const { said } = await put(line, programCalled("new"), "two", { isDryRun: true })
    expect(said.join("\n")).toMatch(/program is stopped for this[^]*nothing was written\n.*restarted$/)
    await sleep(200)
    expect(await running(board.line)).toEqual(["old", "one"])
  })

  it("sees a board come up whose port goes with its restart, as a chip's own USB may", async () => {
    board = emptyBoard()
    let closes = 0
    const line = pulledBefore(board.line, "\x10E.reboot")
    const reopen = async () => {
      closes++
      board.powerOff()
      board.powerOn()
      return board.plugIn()
    }
    const { verdict } = await put(line, programCalled("new"), "two", { reopen })
    expect(closes).toBe(1)
    expect(verdict!.words).toEqual(["here is new"])
    expect(await running(board.plugIn())).toEqual(["new", "two"])
  })

  it("erases nothing where even then there is no room", async () => {
    board = emptyBoard({ big: "x".repeat(850_000) })
    await put(board.line, programCalled("old"), "one")
    await put(board.line, programCalled("new"), "two")
    const before = board.files()
    await expect(put(board.line, `${programCalled("third")}//${"x".repeat(80_000)}`, "three")).rejects.toThrow(
      /Storage has \d+ bytes left, and this needs \d+/,
    )
    expect(board.files()).toEqual(before)
    expect(await running(board.line)).toEqual(["new", "two"])
  })
})
