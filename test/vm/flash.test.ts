import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import type { SettingsRecord } from "../../src/device/settings-schema"
import { forecastOf } from "../../tools/build/forecast"
import { pretokenise } from "../../tools/build/pretokenise"
import { buildProgram } from "../../tools/build/program"
import { flash, type Flashing } from "../../tools/flash/flash"
import { openSerial, type SerialLine } from "../../tools/serial/port"
import { Mosquitto } from "../brokers/mosquitto"
import { WHY_NO_PTY } from "../serial/pty"
import { FlashBoard } from "./flash-board"
import { INTERPRETERS, type Interpreter } from "./interpreter"
import { WHY_SKIPPED } from "./on-each"
import { Peer } from "./peer"

const WHY = WHY_SKIPPED ?? WHY_NO_PTY
const BOARD = { name: "esp32-devkitc", chip: "ESP32" }
const recordOf = (id: string, port = 1) => ({
  id,
  ssid: "käse",
  pass: "pass-word",
  host: "127.0.0.1",
  port,
  s: { sensor: 4, interval: 200, topic: "t" },
})

/** Of 12 kB, so that an upload takes some packets; its functions stay in flash and are needed there. */
const programCalled = (name: string) =>
  `${Array.from({ length: 300 }, (_, n) => `function f${n}(){return "${name} ${n} padding"}`).join("\n")}
  print("here is ${name}");global.which=function(){return f299()};setInterval(f0,50);`

const NEWEST_ID =
  '(function(){var best=0,id;["mw.a","mw.b"].forEach(function(n){var f=require("Storage").read(n)||"",a=f.indexOf(" ");' +
  'if(a>0&&f.substr(0,a)==""+E.CRC32(f.substr(a+1))&&parseInt(f.substr(a+1))>best){best=parseInt(f.substr(a+1));id=JSON.parse(f.substr(f.indexOf("{"))).id}});return id})()'
const RUNNING = `[global.which?which():"nothing",${NEWEST_ID}]`

async function put(board: FlashBoard, program: string | undefined, id: string, more: Partial<Flashing> = {}) {
  const said: string[] = []
  const line = await openSerial(board.tty)
  const job = {
    board: BOARD,
    program: program === undefined ? undefined : () => program,
    record: recordOf(id),
    say: (text: string) => said.push(text),
    ...more,
  }
  const verdict = await flash(line, "the board", job).finally(() => line.close())
  return { said, verdict }
}

describe.skipIf(WHY)(WHY ? `motewire flash, skipped: ${WHY}` : "the interpreters for motewire flash", () => {
  it("are there", () => expect(INTERPRETERS.length).toBeGreaterThan(0))
})

for (const interpreter of WHY ? [] : INTERPRETERS)
  describe(`motewire flash on ${interpreter.name}`, () => {
    let board: FlashBoard
    afterEach(() => board?.close())
    const start = async (from?: string) => (board = await new FlashBoard(interpreter).powerOn(from))

    it("puts a program and its settings on an empty board and shows its first words", async () => {
      await start()
      const { verdict } = await put(board, programCalled("old"), "one")
      expect(verdict!.words).toEqual(["here is old"])
      expect(await board.ask(RUNNING)).toEqual(["old 299 padding", "one"])
    })

    describe("a real program", () => {
      let broker: Mosquitto, peer: Peer
      beforeAll(async () => {
        broker = await Mosquitto.start()
        peer = await Peer.connect(broker.port)
        await peer.subscribe("#")
      })
      afterAll(async () => {
        peer?.close()
        await broker?.stop()
      })

      /** A board with the fakes of Wi-Fi and pins, and the program flashed onto it. */
      async function flashed(source: string, settings: SettingsRecord["s"], form: string) {
        const bundle = await buildProgram(source)
        expect(forecastOf(bundle.code).peak).toBeLessThan(2500)
        await start()
        await board.lend()
        const startedMs = performance.now()
        const { verdict } = await put(board, "", form, {
          program: (chip) => (form === "plain" ? bundle.code : pretokenise(bundle, chip.version).code),
          record: { ...recordOf(form, broker.port), s: settings },
        })
        expect(performance.now() - startedMs).toBeLessThan(5000)
        expect(verdict!.words.join()).toMatch(/wifi: connected/)
      }

      it.each(["plain", "pretokenised"])(
        "climate, %s, is there, verified and booted within 5 s, and talks to a broker, again after a restart",
        async (form) => {
          const topic = `t/${interpreter.name}/${form}`
          const isReading = (payload: string) => payload === '{"temperature":21.4,"humidity":48.2}'
          await flashed("src/apps/climate.ts", { sensor: 4, interval: 200, topic }, form)
          await peer.got(topic, isReading)
          board.cutPower()
          peer.received.length = 0
          expect(await peer.got(topic, isReading)).toBeDefined()
        },
      )

      /** Asked once, when it may have started, connected and faded: Ctrl-C of the first question would break into that. */
      async function lamp(): Promise<number[]> {
        await new Promise((resolve) => setTimeout(resolve, 3000))
        return board.ask("[rig.duty[16],rig.duty[17],rig.duty[23]]")
      }

      it.each(["plain", "pretokenised"])(
        "bulb, %s, is there, verified and booted within 5 s, and shows what a broker brings, again after a restart",
        async (form) => {
          const topic = `b/${interpreter.name}/${form}`
          await flashed("src/apps/bulb.ts", { red: 16, green: 17, blue: 23, topic }, form)
          // Full red is hot and damp; it is retained, so that the lamp has it again after its restart.
          await peer.publish(topic, '{"temperature":31,"humidity":100}', 1, true)
          expect(await lamp()).toEqual([1, 0, 0])
          board.cutPower()
          expect(await lamp()).toEqual([1, 0, 0])
        },
      )
    })

    // 4 min: the rest on one of them, the one with the chip's limits where there is one.
    if (interpreter !== (INTERPRETERS.find(({ isChipLike }) => isChipLike) ?? INTERPRETERS[0])) return

    it("changes slots, and settings alone", async () => {
      await start()
      await put(board, programCalled("old"), "one")
      await put(board, programCalled("new"), "two")
      expect(await board.ask(RUNNING)).toEqual(["new 299 padding", "two"])
      await put(board, undefined, "three")
      expect(await board.ask(RUNNING)).toEqual(["new 299 padding", "three"])
      board.cutPower()
      expect(await board.ask(RUNNING)).toEqual(["new 299 padding", "three"])
    })

    it.each([
      ["throws", "foo.bar();", /foo/],
      ["restarts the chip", "E.reboot();", /did not come up/],
      ["is no program", "function(", /did not come up/],
      ["runs out of memory", 'for(var a=[];;)a.push("x"+a.length);', /did not come up/],
    ])(
      "goes back to the old program and its settings when the new one %s",
      { timeout: 90_000 },
      async (name, program, words) => {
        // The other build has no limit to its memory.
        if (/memory/.test(name) && !interpreter.isChipLike) return
        await start()
        await put(board, programCalled("old"), "one")
        await expect(put(board, program, "two")).rejects.toThrow(words)
        expect(await board.ask(RUNNING)).toEqual(["old 299 padding", "one"])
        await put(board, programCalled("new"), "three")
        expect(await board.ask(RUNNING)).toEqual(["new 299 padding", "three"])
      },
    )

    const BOOT = 'require("Storage").write(".bootcde",'
    it.each([
      ["in a crash loop", `${BOOT}"setTimeout(E.reboot,150)")`, ""],
      ["in a crash loop that throws", `${BOOT}"setTimeout(function(){E.reboot()},400);foo.bar()")`, ""],
      ["that is busy", `${BOOT}"setInterval(function(){var t=getTime()+.3;while(getTime()<t);},310)")`, ""],
      ["that hangs", `${BOOT}"setTimeout(function(){while(1);},100)")`, ""],
      ["with echo off", `${BOOT}"echo(0)")`, ""],
      ["in the middle of a line", "1", 'print("half {['],
      ["in the middle of a packet", "1", "\x10\x01\x80\xffhalf"],
      ["that was told to be quiet", "1", "\x13"],
      ["with a .bootrst that crashes", 'require("Storage").write(".bootrst","setTimeout(E.reboot,150)")', ""],
    ])("flashes a board %s", { timeout: 90_000 }, async (_, prepare, typed) => {
      await start()
      await board.ask(prepare)
      board.cutPower()
      await new Promise((resolve) => setTimeout(resolve, 600))
      if (typed)
        await board.at(async ({ line }) => (line.write(typed), new Promise((resolve) => setTimeout(resolve, 200))))
      const { verdict } = await put(board, programCalled("new"), "two")
      expect(verdict!.words).toContain("here is new")
      board.cutPower()
      expect(await board.ask(RUNNING)).toEqual(["new 299 padding", "two"])
    })

    it("says that a foreign program goes, keeps .boot0, and erases all with --erase", async () => {
      await start()
      await board.ask(
        '[require("Storage").write(".bootcde","print(1)"),require("Storage").write(".boot0","var mine=1")]',
      )
      const { said } = await put(board, programCalled("new"), "two")
      expect(said.join()).toMatch(/own \.bootcde is replaced.*\.boot0 stays/)
      await put(board, programCalled("new"), "two", { erase: true })
      expect(await board.ask('require("Storage").list()')).not.toContain(".boot0")
    })

    it(
      "compacts Storage when it is full of old versions, and refuses what has no room",
      { timeout: 120_000 },
      async () => {
        await start()
        await put(board, programCalled("old"), "one")
        await board.ask(
          '(function(S){S.write("big","x",0,S.getStats().freeBytes-30000);S.erase("big")})(require("Storage"))',
        )
        await put(board, programCalled("new"), "two")
        const { said } = await put(board, `${programCalled("third")}//${"x".repeat(9000)}`, "three")
        expect(said.join()).toMatch(/compacting/)
        expect(await board.ask(RUNNING)).toEqual(["third 299 padding", "three"])
        await board.ask('(function(S){S.write("big","x",0,S.getStats().freeBytes-3000)})(require("Storage"))')
        await expect(put(board, `${programCalled("fourth")}//${"x".repeat(40_000)}`, "four")).rejects.toThrow(/--erase/)
        expect(await board.ask(RUNNING)).toEqual(["third 299 padding", "three"])
      },
    )

    it(
      "leaves a board that boots with the old or the new program whole, wherever the cable is pulled",
      { timeout: 900_000 },
      async () => {
        await start()
        await put(board, programCalled("old"), "one")
        const total = await pulled(board, Infinity)
        await board.powerOff()
        const before = new FlashBoard(interpreter)
        await before.powerOn()
        await put(before, programCalled("old"), "one")
        await before.powerOff()
        const seen = new Set<string>()
        let seed = 5
        for (let n = 0; n < PULLS; n++) {
          seed = (seed * 1103515245 + 12345) % 2 ** 31
          // A fifth of them in what is written last, where most is decided.
          const at = n % 5 ? Math.floor((seed / 2 ** 31) * total) : Math.floor(total - (seed / 2 ** 31) * 3000)
          const id = await afterPull(interpreter, before.flashFile, at, n)
          expect(["one", "two"]).toContain(id)
          seen.add(id)
        }
        await before.close().catch(() => {})
        expect(PULLS < 50 || seen.size === 2).toBe(true)
      },
    )
  })

/** Which settings a board has whose cable was pulled there. */
async function afterPull(interpreter: Interpreter, flashFile: string, at: number, n: number): Promise<string> {
  const board = await new FlashBoard(interpreter).powerOn(flashFile)
  try {
    await pulled(board, at)
    // The power goes with the cable, or the board goes on for a while with half a packet.
    if (n % 2) await new Promise((resolve) => setTimeout(resolve, 100))
    const is = await board.at(async (console) => {
      board.cutPower()
      await console.until((heard) => /here is (old|new)\r?\n/.test(heard), 5000)
      return console.ask<string[]>(RUNNING)
    })
    expect(BOTH, `pull ${n} after ${at} bytes`).toContainEqual(is)
    return is[1]!
  } finally {
    await board.close()
  }
}

const BOTH = [
  ["old 299 padding", "one"],
  ["new 299 padding", "two"],
]

/** MOTEWIRE_PULLS=200 takes 10 min; test/flash pulls the cable of a simulated board 45 times in 9 s. */
const PULLS = Number(process.env.MOTEWIRE_PULLS ?? 4)

/** An upload whose cable is pulled behind so many bytes; gives how many there were. */
async function pulled(board: FlashBoard, at: number): Promise<number> {
  const line = await openSerial(board.tty)
  let sent = 0
  let onClose = () => {}
  const cut: SerialLine = {
    ...line,
    onClose: (run) => ((onClose = run), line.onClose(run)),
    write(bytes) {
      if (sent >= at) return
      const part = bytes.slice(0, at - sent)
      sent += part.length
      line.write(part)
      if (sent >= at) void line.close().then(onClose)
    },
  }
  const job = { board: BOARD, program: () => programCalled("new"), record: recordOf("two"), say: () => {} }
  await flash(cut, "the board", job).then(
    // A question that is asked again makes one upload longer than another.
    () => {},
    (error: Error) => expect(error.message).toMatch(/unplugged/),
  )
  await line.close()
  return sent
}
