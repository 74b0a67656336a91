import { describe, expect, test } from "vitest"
import { eventOf, eventsOf, readTrace } from "../../../sim/trace/file"
import { headerLines, masked } from "../../../sim/trace/header"
import type { TraceHeader } from "../../../sim/trace/header"
import { Recorder } from "../../../sim/trace/recorder"
import { specOf } from "../../scenarios/home"
import { record } from "../replay/recording"

const settings = { id: "a b", ssid: "work\nshop", pass: "wifi-pass-word", host: "h", port: 1883, s: { sensor: 4 } }
const header: TraceHeader = {
  by: "motewire 0.1.0",
  origin: "simulator",
  seed: 7,
  devices: [
    {
      name: "a b",
      board: "esp32-devkitc",
      program: "src/apps/climate.ts",
      bundle: "ab".repeat(32),
      mac: [36, 10, 196, 0, 1, 255],
      settings,
    },
    { name: "bulb", board: "esp32-c3-devkitm", bundle: "01".repeat(32), mac: [36, 10, 196, 0, 1, 2] },
  ],
}

function written(): { text: string; recorder: Recorder } {
  const parts = { text: "", recorder: undefined as unknown as Recorder }
  parts.recorder = new Recorder(header, [settings], (text) => (parts.text += text))
  return parts
}

describe("a trace file", () => {
  test("gives its header back, with asterisks for secrets", () => {
    const file = written()
    file.recorder.end(0)
    expect(readTrace(file.text).header).toEqual({
      ...header,
      devices: [{ ...header.devices[0], settings: { ...settings, pass: "*".repeat(14) } }, header.devices[1]],
    })
  })

  test("counts a secret in bytes, as the chip does", () => {
    expect(masked({ ...settings, pass: "naïve", pw: "€" })).toMatchObject({ pass: "******", pw: "***" })
  })

  test("gives the events of one board, whatever it is called", () => {
    const file = written()
    file.recorder.event({ atUs: 1, device: "a b", kind: "off" })
    file.recorder.event({ atUs: 2, device: "a", kind: "off" })
    file.recorder.event({ atUs: 3, device: "bulb", kind: "off" })
    file.recorder.end(9)
    const trace = readTrace(file.text)
    expect(trace).toMatchObject({ endUs: 9, isAsRecorded: true })
    expect(eventsOf(trace, "a b").map(eventOf)).toEqual([{ atUs: 1, device: "a b", kind: "off" }])
  })

  test("can be read at whatever byte its writing ended, up to the last whole line", () => {
    const file = written()
    for (let atUs = 0; atUs < 5; atUs++)
      file.recorder.event({ atUs, device: "bulb", kind: "log", level: "info", text: "x y" })
    const start = headerLines(header).join("\n").length
    for (let length = start + 1; length <= file.text.length; length++) {
      const trace = readTrace(file.text.slice(0, length))
      expect(trace.isAsRecorded).toBeUndefined()
      expect(trace.events.map(eventOf).length).toBe(file.text.slice(start, length).split("\n").length - 2)
    }
  })

  test.each([
    ["", 'line 1: expected "motewire trace 1", got ""'],
    ["motewire trace 2\n\n", 'line 1: expected "motewire trace 1", got "motewire trace 2"'],
    [
      "motewire trace 1\ncolour red\n\n",
      'line 2: expected one of by, origin, seed, device and its value, got "colour red"',
    ],
    ["motewire trace 1\norigin moon\n\n", 'line 2: expected origin simulator or board, got "moon"'],
    ["motewire trace 1\n  board x\n\n", 'line 2: expected "device" and a name before "board x"'],
    ["motewire trace 1\ndevice a\n  board x\n\n", 'line 4: expected "bundle" for the device "a"'],
    ["motewire trace 1\ndevice a\n  bundle 12\n\n", 'line 3: expected a SHA-256 of 64 digits, got "12"'],
    ["motewire trace 1\ndevice a\n  mac 1:2\n\n", 'line 3: expected six bytes such as 24:0a:c4:00:01:02, got "1:2"'],
    ["motewire trace 1\ndevice a\n  settings {\n\n", 'line 3: expected JSON, got "{"'],
    ["motewire trace 1\n\nend soon\n", 'line 3: expected "end TIMEus COUNT events SUM", got "end soon"'],
  ])("says what is wrong with %j", (text, message) => expect(() => readTrace(text)).toThrow(message))

  test("names the line of an event that is none", () => {
    const trace = readTrace("motewire trace 1\n\n12us a off\n12us a nothing-at-all\n")
    expect(() => trace.events.map(eventOf)).toThrow('line 4: expected an event, or what the part "nothing-at-all" did')
  })
})

describe("secrets", () => {
  test("of Wi-Fi and broker are nowhere in a trace: not in the header, on the wire or in what a program prints", async () => {
    const secrets = { pass: "planted wifi secret", pw: "planted broker secret" }
    const spec = await specOf("climate")
    Object.assign(spec.record!, secrets, { user: "somebody" })
    spec.bundle += `;print(require("Storage").read("mw.a"));setTimeout(function () { print("planted broker secret") }, 9000)`
    const text = await record({ devices: [spec] }, (house) => house.advance("40s"))
    expect(text).toContain("mqtt connect climate")
    expect(text).toContain("somebody\\x00\\x15*********************")
    for (const secret of ["planted", "wifi secret", "broker secret", "\\x20secret"]) expect(text).not.toContain(secret)
  })

  test("as short as a letter are hidden on the wire, and the letter elsewhere is not", async () => {
    const spec = await specOf("climate")
    Object.assign(spec.record!, { user: "a", pw: "a" })
    const text = await record({ devices: [spec] }, (house) => house.advance("40s"))
    expect(text).toContain("\\x00\\x01a\\x00\\x01*")
    expect(text).toContain("sensor/data")
  })
})
