import { setTimeout as sleep } from "node:timers/promises"
import { stripVTControlCharacters } from "node:util"
import { afterEach, describe, expect, it } from "vitest"
import type { SimulatedBoard } from "../../tools/console/board"
import { BoardConsole } from "../../tools/flash/console"
import path from "node:path"
import { crc32 } from "../../src/util/crc32"
import { buildProgram } from "../../tools/build/program"
import type { Running } from "../../tools/monitor/running"
import { placesOf } from "../../tools/monitor/places"
import { project } from "../config/support/project"
import { isWhole, writeByConsole } from "../../tools/flash/files"
import { sendFile } from "../../tools/flash/packets"
import type { SerialLine } from "../../tools/serial/port"
import { emptyBoard, programCalled, put, running } from "./board"

let board: SimulatedBoard
afterEach(() => board?.close())

function cyclePower(): void {
  board.powerOff()
  board.powerOn()
}

describe("motewire flash on a simulated board", { timeout: 60_000 }, () => {
  it("puts a program and its settings on an empty board, shows its first words, and changes slots", async () => {
    board = emptyBoard()
    const { verdict } = await put(board.line, programCalled("old"), "one")
    expect(verdict!.words).toEqual(["here is old"])
    expect(await running(board.line)).toEqual(["old", "one"])
    await put(board.line, programCalled("new"), "two")
    expect(await running(board.line)).toEqual(["new", "two"])
    await put(board.line, undefined, "three")
    expect(await running(board.line)).toEqual(["new", "three"])
    expect(board.files()["mw.1"]).toBe(programCalled("old"))
  })

  it.each(["foo.bar();", "E.reboot();", "function("])("goes back to the old program behind %s", async (program) => {
    board = emptyBoard()
    await put(board.line, programCalled("old"), "one")
    await expect(put(board.line, program, "two")).rejects.toThrow(/did not come up.*runs the one before/s)
    expect(await running(board.line)).toEqual(["old", "one"])
  })

  it("gives a first program three tries, and then leaves the board at its prompt", async () => {
    board = emptyBoard()
    await expect(put(board.line, "E.reboot();", "one")).rejects.toThrow(/no program before it/)
    expect(await running(board.line)).toEqual(["nothing", undefined].map((each) => each ?? null))
    await put(board.line, programCalled("new"), "two")
    expect(await running(board.line)).toEqual(["new", "two"])
  })

  it("keeps a program that has been alive for a minute, though nobody confirmed it, and no other", async () => {
    board = emptyBoard()
    await put(board.line, programCalled("old"), "one")
    await pulled(board.line, Infinity, "E.reboot();\n")
    const restarted = board.plugIn()
    // 20 s of the house's time on trial.
    cyclePower()
    await sleep(200)
    cyclePower()
    expect(await running(restarted)).toEqual(["old", "one"])

    await pulled(restarted, Infinity, "E.reboot();\n")
    const alive = board.plugIn()
    cyclePower()
    // 80 s
    await sleep(800)
    cyclePower()
    expect(await running(alive)).toEqual(["new", "two"])
  })

  it("goes back from a program that hangs, by the watchdog", async () => {
    board = emptyBoard()
    await put(board.line, programCalled("old"), "one")
    await expect(put(board.line, "setTimeout(function(){while(1);},1)", "two")).rejects.toThrow(/did not come up/)
    expect(await running(board.line)).toEqual(["old", "one"])
  })

  it("writes nothing in a dry run, nor to a board of another chip", async () => {
    board = emptyBoard({ mine: "1" })
    const { said, verdict } = await put(board.line, programCalled("new"), "one", { isDryRun: true })
    expect(verdict).toBeUndefined()
    expect(said.join()).toMatch(/would write \d+ bytes to mw\.\d.*nothing was written/)
    const c3 = { board: { name: "xiao-esp32c3", chip: "ESP32-C3" } }
    await expect(put(board.line, programCalled("new"), "one", c3)).rejects.toThrow(
      /board is an ESP32.*xiao-esp32c3.*--port/,
    )
    expect(Object.keys(board.files())).toEqual(["mine"])
  })

  it("tells an erasure in a dry run, and plans for what is left of the board then", async () => {
    board = emptyBoard({ mine: "1" })
    await put(board.line, programCalled("old"), "one")
    const before = board.files()
    const { said } = await put(board.line, programCalled("old"), "one", { isDryRun: true, erase: true })
    expect(said.at(-1)).toMatch(
      /^would erase all of Storage \(\d files: programs, settings.*\), then write \d+ bytes to mw\.1, settings; nothing was written$/,
    )
    expect(board.files()).toEqual(before)
  })

  it("says that a program which did not come up would be started again, and starts it", async () => {
    board = emptyBoard()
    await put(board.line, programCalled("old"), "one")
    await expect(put(board.line, "foo.bar();", "two")).rejects.toThrow(/did not come up/)
    const dry = await put(board.line, "foo.bar();", "two", { isDryRun: true })
    expect(dry.said.at(-1)).toBe(
      "would write settings and start it (mw.2 holds this program already, and it did not come up last time); nothing was written",
    )
    const say: string[] = []
    const again = put(board.line, "foo.bar();", "two", { say: (text) => say.push(text) })
    await expect(again).rejects.toThrow(/did not come up: Uncaught/)
    expect(say).toContain("mw.2 holds this program already, and it did not come up last time: it is started again")
  })

  it("tells the places of an error in set-up, and of one behind it in a program that runs on", async () => {
    const program = path.join(
      project({
        "one.ts": `declare const print: (text: string) => void\ndeclare function setTimeout(run: () => void, ms: number): void
let nothing: { write: (level: number) => void } | undefined
export default () => {
  print("ready")
  setTimeout(openValve, 1)
}
function openValve() {
  nothing!.write(1)
}
`,
      }),
      "one.ts",
    )
    const bundle = await buildProgram(program)
    const places = ({ file, version }: Running) => placesOf({ bundle, code: bundle.code, file, firmware: version })
    board = emptyBoard()
    const { verdict } = await put(board.line, bundle.code, "one", { places })
    expect(verdict!.words).toEqual(["ready"])
    expect(verdict!.error!.head).toMatch(/^Uncaught .*write/)
    const lines = stripVTControlCharacters(verdict!.error!.lines.join("\n"))
    expect(lines).toMatch(/at openValve \(\S*one\.ts:9:\d+\)[^]*nothing!\.write\(1\)/)
  })

  it("says at any time what the board is left with", async () => {
    board = emptyBoard()
    const left = new Set<string>()
    let now = () => ""
    const tellsLeft = (line: SerialLine): SerialLine => ({
      ...line,
      write: (bytes) => (left.add(now()), line.write(bytes)),
    })
    await put(tellsLeft(board.line), programCalled("old"), "one", { onStart: (leftNow) => (now = leftNow) })
    left.add(now())
    expect([...left]).toEqual([
      "The board runs what it ran before.",
      "What it ran goes on running; at its next start it may try the new program.",
      "At its next start it tries the new program.",
      "The new program is on trial: it is kept if it is alive after a minute, or else after three tries the board runs none.",
      "The new program runs and is kept.",
    ])
  })

  it("asks whose program it is before settings alone are written", async () => {
    board = emptyBoard()
    await put(board.line, programCalled("old"), "one")
    const before = board.files()
    const recognise = async ({ file, crc }: Running) => {
      throw new Error(`${file} ${crc === crc32(programCalled("old"))}`)
    }
    await expect(put(board.line, undefined, "two", { recognise })).rejects.toThrow("mw.1 true")
    expect(board.files()).toEqual(before)
  })

  it("writes every byte by the plain console, for firmware without packets, and by packets", async () => {
    board = emptyBoard()
    const bytes = String.fromCharCode(...Array.from({ length: 1500 }, (_, at) => at & 255))
    const console = new BoardConsole(board.line, "the board")
    await console.knock(3000)
    await writeByConsole(console, "plain", bytes)
    await sendFile(console, "packets", bytes, () => {})
    expect(board.files()).toEqual({ plain: bytes, packets: bytes })
    expect(await isWhole(console, "plain", bytes)).toBe(true)
    expect(await isWhole(console, "plain", `${bytes.slice(1)}x`)).toBe(false)
  })

  it("refuses --settings-only on a board without a program", async () => {
    board = emptyBoard()
    await expect(put(board.line, undefined, "one")).rejects.toThrow(/without --settings-only/)
  })

  it.each([
    ["in the middle of a line", 'print("half {['],
    ["in the middle of a packet", "\x10\x01\x80\xffhalf"],
    ["that was told to be quiet", "\x13"],
  ])("flashes a board %s", async (_, typed) => {
    board = emptyBoard({ ".bootcde": "echo(0);setInterval(function(){},10)" })
    board.line.write(typed)
    const { said } = await put(board.line, programCalled("new"), "two")
    expect(said.join()).toMatch(/own \.bootcde is replaced/)
    expect(await running(board.line)).toEqual(["new", "two"])
  })

  it(
    "boots the old or the new program whole, wherever the cable is pulled and the power with it",
    { timeout: 600_000 },
    async () => {
      board = emptyBoard()
      await put(board.line, programCalled("old"), "one")
      const files = board.files()
      const total = await pulled(board.line, Infinity)
      await board.close()
      const seen = new Set<string>()
      for (let n = 0; n < PULLS; n++) {
        board = emptyBoard(files)
        // Every third in what is written last, where all is decided.
        const share = (n + 0.5) / PULLS
        const at = Math.floor(total * (n % 3 ? share : 0.85 + 0.15 * share))
        await pulled(board.line, at)
        board.powerOff()
        board.powerOn()
        const is = await running(board.plugIn())
        expect(
          [
            ["old", "one"],
            ["new", "two"],
          ],
          `pulled after ${at} of ${total} bytes`,
        ).toContainEqual(is)
        seen.add(is[0]!)
        await board.close()
      }
      expect([...seen].sort()).toEqual(["new", "old"])
    },
  )
})

/** MOTEWIRE_PULLS=200 for all that the bar asks for. */
const PULLS = Number(process.env.MOTEWIRE_PULLS ?? 45)

/** An upload whose cable is pulled behind so many bytes; or behind these words; gives how many there were. */
async function pulled(line: SerialLine, at: number, behind = "\n\n"): Promise<number> {
  let sent = 0
  let onClose = () => {}
  const cut: SerialLine = {
    ...line,
    onClose: (run) => void (onClose = run),
    write(bytes) {
      if (sent >= at) return
      const part = bytes.slice(0, at - sent)
      sent += part.length
      line.write(part)
      if (sent >= at || bytes.includes(behind)) void line.close().then(() => onClose())
    },
  }
  await put(cut, programCalled("new"), "two").catch((error: Error) => expect(error.message).toMatch(/unplugged/))
  return sent
}
