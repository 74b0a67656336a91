import { readFileSync } from "node:fs"
import { beforeAll, beforeEach, afterAll, describe, expect, it, vi } from "vitest"
import type { Edge } from "../../src/hal/pin"
import { recordI2c, recordOneWire, recordSerial } from "../../src/hal/espruino/record/buses"
import { recordNetwork } from "../../src/hal/espruino/record/network"
import * as pins from "../../src/hal/espruino/record/pins"
import { recordPlatform } from "../../src/hal/espruino/record/platform"
import type { Socket } from "../../src/hal/socket"
import type { Board } from "../../sim/board"
import { Recording } from "../../tools/record/recording"
import { FakeI2c } from "../fakes/i2c"
import { ScriptedNetwork } from "../fakes/network"
import { FakeStorage } from "../fakes/storage"
import { FakeWifi } from "../fakes/wifi"
import { Console } from "./console"

const BOARD = JSON.parse(readFileSync("boards/esp32-devkitc.json", "utf8")) as Board
const device = { name: "lamp", board: "esp32-devkitc", bundle: "0".repeat(64) }

let board: Console, wifi: FakeWifi, network: ScriptedNetwork

/** Events of the trace that the console's lines become, without the header; and the recording. */
function traced(lines: string[] = board.lines()) {
  let text = ""
  const recording = new Recording({ by: "a test", device, board: BOARD, write: (line) => (text += line) })
  for (const line of lines) recording.take(`${line}\r\n`)
  recording.end()
  const events = text.split("\n").filter((line) => /^\d+us /.test(line))
  return { recording, text, events: events.map((line) => line.replace("us lamp", "")) }
}

/** Behind the boot, without it. */
const events = () => traced().events.slice(1)

// The chip's takes arrays as well.
beforeAll(() => {
  vi.stubGlobal("btoa", (bytes: string | Uint8ClampedArray) =>
    Buffer.from(bytes as string, typeof bytes === "string" ? "latin1" : undefined).toString("base64"),
  )
})
afterAll(() => vi.unstubAllGlobals())
beforeEach(() => {
  board = new Console()
  wifi = new FakeWifi()
  network = new ScriptedNetwork()
})

const platform = () =>
  recordPlatform({ chip: board.chip, network, storage: new FakeStorage(), wifi }, board.recorder, 5000)

describe("a recorded platform becomes a trace", () => {
  it("with the board's address, and a boot before the first line of its program", () => {
    platform()
    const { text, events: all } = traced()
    expect(text).toContain("origin board")
    expect(text).toContain("mac 24:0a:c4:a1:b2:c3")
    expect(all).toEqual(["0 boot 1 power"])
  })

  it("of timers, logs, free blocks, flags and a restart", () => {
    const { chip } = platform()
    chip.arm(() => {
      chip.log('said "so"')
      chip.warn("beware")
      chip.freeBlocks()
      board.chip.flags = ["MEMORY"]
      chip.errorFlags()
    }, 2)
    board.chip.clock.advance(2)
    expect(events()).toEqual([
      "352000 timer",
      '352000 log info said "so"',
      "352000 log warn beware",
      "352000 memory 2000 of 5000",
      "352000 fault the firmware reports MEMORY",
    ])
    board.chip.clock.advance(1)
    chip.reboot()
    expect(board.chip.reboots).toBe(1)
  })

  it("of Wi-Fi, with neither its name nor its password", () => {
    const recorded = platform().wifi
    recorded.on("connected", () => {})
    recorded.on("disconnected", () => {})
    recorded.connect("workshop", { password: "secret-word" }, () => {})
    wifi.join()
    wifi.lose("200")
    recorded.getHostByName("broker.lan", () => {})
    wifi.resolve("10.0.0.2")
    const { text, events: all } = traced()
    expect(all.slice(1).map((line) => line.replace(/^\d+ /, ""))).toEqual([
      "wifi connecting",
      expect.stringMatching(/^wifi connected \d/),
      "wifi disconnected 200",
      "dns broker.lan 10.0.0.2",
    ])
    expect(text).not.toMatch(/workshop|secret/)
  })

  it("of connections, whose password is never told", () => {
    const recorded = platform()
    recorded.conceal!("tiger")
    network.refuse()
    network.allow()
    const address = { host: "10.0.0.2", port: 1883 }
    expect(() => recorded.network.connect(address, () => {})).toThrow("Unable to create socket")
    const heard: string[] = []
    const socket = recorded.network.connect(address, () => {})
    socket.on("data", (bytes) => heard.push(bytes))
    socket.on("close", function (this: unknown) {
      heard.push(this === socket ? "closed" : "another's")
    } as never)
    socket.write("\x10\x0d\0\x04MQTT\0\x05tiger")
    network.socket.giveBytes("\x20\x02\0\0")
    network.socket.closeByPeer()
    expect(heard).toEqual(["\x20\x02\0\0", "closed"])
    expect(events().map((line) => line.replace(/^\d+ /, ""))).toEqual([
      "tcp refused 10.0.0.2:1883",
      "tcp open 10.0.0.2:1883 #1",
      "net tx 1 \\x10\\x0d\\x00\\x04MQTT\\x00\\x05*****",
      "net rx 1 \\x20\\x02\\x00\\x00",
      "net rx-end 1 fin",
    ])
  })

  it("lets go of a socket whose listeners are gone", () => {
    const raw = {
      on: () => {},
      write: () => {},
      end: () => {},
      removeAllListeners: vi.fn<() => void>(),
    } as unknown as Socket
    const socket = recordNetwork({ connect: () => raw }, board.recorder).connect({ host: "h", port: 1 }, () => {})
    expect(Object.values(raw)).toContain(socket)
    socket.removeAllListeners()
    expect(raw.removeAllListeners).toHaveBeenCalled()
    expect(Object.values(raw)).not.toContain(socket)
  })

  it("of files, by name and length alone", () => {
    const { storage } = platform()
    storage.write("mw.a", "secret")
    storage.erase("mw.a")
    const { text, events: all } = traced()
    expect(all.slice(1)).toEqual(["350000 storage write mw.a 6B", "350000 storage erase mw.a 0B"])
    expect(text).not.toContain("secret")
  })
})

describe("recorded pins and buses become a trace", () => {
  beforeEach(() => void platform())

  it("of levels, duties, conversions and LEDs", () => {
    const { recorder } = board
    pins.recordOutput({ write: () => {} }, 16, recorder).write(true)
    pins.recordPwm({ write: () => {} }, 17, recorder).write(0.5)
    expect(pins.recordAnalog({ read: () => 1 / 3 }, 34, recorder).read()).toBe(1365 / 4096)
    pins.recordStrip({ write: () => board.chip.clock.block(1) }, 18, recorder).write(new Uint8ClampedArray([1, 2, 255]))
    expect(events()).toEqual([
      "350000 GPIO16 rise chip",
      "350000 GPIO17 pwm 0.4995 5000Hz",
      `350000 GPIO34 adc ${1365 / 4096}`,
      "351000 GPIO18 strip 0102FF",
    ])
  })

  it("of a wire and an input", () => {
    const { recorder } = board
    let onFall: (edge: Edge) => void = () => {}
    let onChange: (isHigh: boolean) => void = () => {}
    const heard: unknown[] = []
    const raw = { watch: (run: typeof onFall) => (onFall = run), unwatch() {}, low() {}, release() {} }
    const wire = pins.recordWire(raw, 4, recorder)
    wire.watch((edge) => heard.push(edge.time))
    wire.low()
    wire.release()
    onFall({ time: 0.10003, lastTime: undefined })
    onFall({ time: 0.10019, lastTime: 0.10011 })
    const input = pins.recordInput({ isHigh: () => true, watch: (run) => (onChange = run) }, 17, recorder)
    input.watch((isHigh) => heard.push(isHigh))
    board.chip.clock.block(50)
    onChange(false)
    expect(input.isHigh()).toBe(true)
    expect(heard).toEqual([0.10003, 0.10019, false])
    expect(events()).toEqual([
      "350000 GPIO4 rise chip",
      "350000 GPIO4 fall chip",
      "350000 GPIO4 rise chip",
      "350030 GPIO4 fall",
      "350110 GPIO4 rise",
      "350190 GPIO4 fall",
      expect.stringMatching(/GPIO17 rise chip/),
      "350244 GPIO4 rise",
      "375000 GPIO17 fall",
      "399999 GPIO17 rise",
      "400001 GPIO17 fall",
    ])
  })

  it("of I2C, 1-Wire and a UART", () => {
    const { recorder, chip } = board
    const i2c = new FakeI2c(chip.clock).takes(0x44, 0x2c, 0x06).refuses(0x45, 1).gives(0x44, 1, 2).refusesRead(0x45, 1)
    const bus = recordI2c(i2c, [21, 22], recorder)
    bus.write(0x44, [0x2c, 0x06])
    bus.write(0x45, 1)
    bus.read(0x44, 2)
    bus.read(0x45, 1)
    const calls = {
      ...{ reset: () => true, select() {}, skip() {}, write() {} },
      ...{ read: () => new Uint8Array([1]), search: () => ["28ff641e8216043c"] },
    }
    const line = recordOneWire(calls, 4, recorder)
    line.reset()
    line.skip()
    line.write(0x44, true)
    line.read(1)
    expect(line.search()).toEqual(["28ff641e8216043c"])
    let onData: (bytes: string) => void = () => {}
    const raw = { write() {}, on: (_: "data", run: typeof onData) => (onData = run) }
    const uart = recordSerial(raw, [17, 16], 9600, recorder)
    uart.on("data", () => {})
    uart.write("ask")
    onData("told")
    const all = events().map((event) => event.replace(/^350000 /, ""))
    expect(all.slice(0, 8)).toEqual([
      "GPIO21/GPIO22 i2c 100000Hz w44a 2Ca 06a stop",
      "GPIO21/GPIO22 i2c 100000Hz w45n stop",
      "GPIO21/GPIO22 i2c 100000Hz r44a 01a 02n stop",
      "GPIO21/GPIO22 i2c 100000Hz r45n stop",
      "GPIO4 onewire R",
      "GPIO4 onewire 00110011",
      "GPIO4 onewire 00100010 power",
      "GPIO4 onewire hlllllll",
    ])
    expect(all[8]).toMatch(/^GPIO4 onewire R00001111/)
    expect(all.slice(9)).toEqual(["GPIO17 serial tx 9600 ask", "GPIO16 serial rx 9600 told"])
  })
})

describe("a recording breaks, and the trace says where", () => {
  const breakOf = (lines: string[]) => {
    const { recording, events: all, text } = traced(lines)
    expect(text).toMatch(/^end /m)
    return [recording.broke, all.at(-1)]
  }

  it("when the board's buffer was full", () => {
    platform()
    board.recorder.note("l" + JSON.stringify("x".repeat(1990)))
    board.recorder.note("l" + JSON.stringify("y".repeat(100)))
    const lines = board.lines()
    board.recorder.note("j")
    const [why, last] = breakOf([...lines, ...board.lines()])
    expect(why).toMatch(/buffer was full: \d records? (is|are) lost/)
    expect(last).toBe(`350000 fault the recording broke: ${why}`)
  })

  it("when a line is missing", () => {
    platform()
    for (let i = 0; i < 3; i++) board.recorder.note("l" + JSON.stringify("x".repeat(90)))
    const lines = board.lines()
    expect(breakOf(lines.toSpliced(1, 1))[0]).toBe("line 1 of the console is missing")
  })

  it("when the board starts anew by itself", () => {
    platform()
    const lines = board.lines()
    board = new Console()
    platform()
    expect(breakOf([...lines, ...board.lines()])[0]).toMatch(/started anew/)
  })

  it("not when its program asked for the restart", () => {
    const { chip } = platform()
    chip.reboot()
    const lines = board.lines()
    board = new Console()
    platform()
    expect(breakOf([...lines, ...board.lines()])).toEqual([undefined, "350000 boot 2 reboot"])
  })

  it("not when its program asked for the restart while nothing more could wait", () => {
    const { chip } = platform()
    for (let i = 0; i < 30; i++) board.recorder.note("l" + JSON.stringify("x".repeat(90)))
    chip.reboot()
    const lines = board.lines()
    board = new Console()
    platform()
    expect(breakOf([...lines, ...board.lines()])[0]).toMatch(/records? (is|are) lost/)
  })

  it("when the board speaks of what nobody here knows", () => {
    platform()
    board.recorder.note("?1")
    board.recorder.note("j")
    expect(breakOf(board.lines())[0]).toMatch(/something unknown/)
  })
})
