import { crc32 } from "node:zlib"
import { describe, expect, it } from "vitest"
import { BUFFER_CHARS, LINE_CHARS, LINE_NUMBERS } from "../../src/hal/espruino/record/recorder"
import { Console } from "./console"

describe("a recorder", () => {
  it("prints numbered lines with the CRC-32 of their text, and only when the chip is idle", () => {
    const board = new Console()
    board.recorder.note("j")
    expect(board.chip.lines).toEqual([])
    expect(board.lines()).toEqual([`@@0 ${crc32("\tj") & 0xffff} \tj`])
  })

  it("cuts the stream into lines of a fixed length, one in each idle moment", () => {
    const board = new Console()
    board.recorder.note("l" + "x".repeat(2 * LINE_CHARS))
    expect(board.lines().map((line) => line.replace(/^@@(\d+) \d+ /, "$1").length - 1)).toEqual([
      LINE_CHARS,
      LINE_CHARS,
      2,
    ])
  })

  it("lets time stand still in a callback, and tells it as what passed since the last", () => {
    const board = new Console()
    const { chip, recorder } = board
    chip.clock.block(12.5)
    recorder.enter("t", "")
    chip.clock.block(3)
    expect(recorder.nowMs()).toBe(12.5)
    recorder.enter("t", "")
    expect(recorder.nowMs()).toBe(15.5)
    expect(board.stream()).toBe("\tt12500\tt3000")
  })

  it("gathers edges of one pin, with the times that the interrupt stamped", () => {
    const board = new Console()
    const { recorder } = board
    // The fake chip's clock stands at 100 ms, which is the recorder's 0.
    recorder.edge(4, 0.10003, undefined)
    recorder.edge(4, 0.10019, 0.10011)
    recorder.edge(5, 0.1003, 0.10029)
    recorder.note("j")
    recorder.edge(5, 0.1004, 0.10039)
    expect(board.stream()).toBe("\te4,30,160:80\te5,110:10\tj\te5,100:10")
    expect(recorder.nowMs()).toBeCloseTo(0.4, 9)
  })

  it("does not go back for an edge that is older than the callback before", () => {
    const { chip, recorder } = new Console()
    chip.clock.block(5)
    recorder.enter("t", "")
    recorder.edge(4, 0.103, undefined)
    expect(recorder.nowMs()).toBe(5)
  })

  it("counts what does not fit, tells it before what fits again, and keeps the times right", () => {
    const board = new Console()
    const { chip, recorder } = board
    recorder.note("x".repeat(BUFFER_CHARS - 10))
    for (let i = 0; i < 20; i++) {
      chip.clock.block(1)
      recorder.enter("t", "")
    }
    expect(board.stream()).toMatch(/x\tt1000$/)
    chip.clock.block(1)
    recorder.enter("t", "")
    expect(board.stream()).toBe("\t!19\tt21000")
  })

  it("prints all that waits before the chip restarts", () => {
    const { chip, recorder } = new Console()
    recorder.note("l" + "x".repeat(300))
    recorder.flush()
    expect(chip.lines.length).toBe(4)
  })

  it("goes on after memory ran out where it was to be armed again", () => {
    const board = new Console()
    board.recorder.note("j")
    board.chip.loseTimers()
    board.recorder.note("u")
    expect(board.stream()).toBe("")
    board.chip.runOutOfMemory()
    expect(board.stream()).toBe("\tj\tu")
  })

  it("begins to count lines again before a number would take another block", () => {
    const board = new Console()
    for (let i = 0; i <= LINE_NUMBERS; i++) {
      board.recorder.note("j")
      board.chip.clock.advance(1)
    }
    const lines = board.lines()
    expect(lines.at(-1)).toMatch(/^@@0 /)
    expect(lines.at(-2)).toMatch(new RegExp(`^@@${LINE_NUMBERS - 1} `))
  })

  it("hides the password of a CONNECT, and not the same text before it or in other packets", () => {
    const { recorder } = new Console()
    const connect = "\x10\x22\0\x04MQTT\x04\xc2\0\x3c\0\x05guest\0\x05guest\0\x05guest"
    expect(recorder.masked(connect)).toBe(connect)
    recorder.conceal("guest")
    expect(recorder.masked(connect)).toBe(connect.slice(0, -5) + "*****")
    const publish = "\x30\x09\0\x05guesthi"
    expect(recorder.masked(publish)).toBe(publish)
  })
})
