import { stripVTControlCharacters } from "node:util"
import { expect, test } from "vitest"
import type { DeviceView, HouseView, Message } from "../../sim/events"
import { buttonKeys } from "../../tools/cli/view/buttons"
import { Screen } from "../../tools/cli/view/screen"
import { colourDepth, Style } from "../../tools/cli/view/style"
import { width } from "../../tools/text/terminal"
import { view, type ViewState } from "../../tools/cli/view/view"

const climate: DeviceView = {
  name: "climate",
  board: "esp32-devkitc",
  state: "running",
  link: "online",
  rssiDbm: -61.4,
  memory: { used: 712, total: 2500 },
  boots: 1,
  uptimeUs: 80e6,
  parts: [{ name: "dht22", part: "dht22", values: { temperatureC: 23.18, humidityPct: 27.272 } }],
  lastPublish: { atUs: 78e6, topic: "sensor/data", payload: '{"temperature":23.2,"humidity":27.3}' },
  pins: { GPIO4: "high" },
}
const lamp = { red: 1, green: 0.21, blue: 0, swatchRed: 255, swatchGreen: 127, swatchBlue: 0 }
const bulb: DeviceView = {
  ...climate,
  name: "bulb",
  link: "wifi",
  parts: [{ name: "lamp", part: "rgb-led", values: lamp }],
  lastPublish: undefined,
}
const message = (payload: string, more: Partial<Message> = {}): Message => ({
  atUs: 78e6,
  from: "climate-01ab",
  topic: "sensor/data",
  payload,
  qos: 1,
  retain: false,
  ...more,
})

function state(change: Partial<HouseView> = {}): ViewState {
  const messages = [message('{"temperature":23.2,"humidity":27.3}')]
  const house = { atUs: 81e6, devices: [climate, bulb], messages, broker: { clients: 2, running: true }, ...change }
  const log = [{ atUs: 2e6, device: "bulb", level: "warn" as const, text: "payload is no JSON" }]
  const hint = "mosquitto_sub -h 127.0.0.1 -p 1884 -t 'sensor/data' -v"
  const heard = { "bulb-8a5f": { atUs: 78e6, topic: "sensor/data", payload: '{"temperature":23.2}' } }
  return { house, heard, speed: 1, broker: { url: "mqtt://127.0.0.1:1884", note: "1883 is taken", hint }, log }
}

const none = new Style("none")
const drawn = (size: { columns: number; rows: number }, shown = state()) => view(shown, size, none)

test("two boards stand side by side at 80 columns", () => {
  expect(drawn({ columns: 80, rows: 20 }).map((line) => line.trimEnd())).toEqual([
    "motewire  00:01:21  mqtt://127.0.0.1:1884  2 clients (1883 is taken)",
    "╭─ climate ─────────── esp32-devkitc ─╮ ╭─ bulb ─────────────── esp32-devkitc ─╮",
    "│ ● online  ▂▄▆█ -61 dBm              │ │ ◔ Wi-Fi  ▂▄▆█ -61 dBm                │",
    "│ up 00:01:20 · boot 1                │ │ up 00:01:20 · boot 1                 │",
    "│ memory ━━━╌╌╌╌╌╌ 712 of 2500 blocks │ │ memory ━━━╌╌╌╌╌╌╌ 712 of 2500 blocks │",
    "│ dht22  23.2 °C  27.3 %              │ │ lamp   ▓▓▓▓▓▓▓  #ff7f00              │",
    '│ said   {"temperature":23.2,"humidi… │ │        ▓▓▓▓▓▓▓  duty 100 21 0 %      │',
    '│                                     │ │ heard  {"temperature":23.2} 3 s ago  │',
    "╰─────────────────────────────────────╯ ╰──────────────────────────────────────╯",
    "messages ───────────────────────────────────────────────────────────────────────",
    '00:01:18  climate  sensor/data  {"temperature":23.2,"humidity":27.3}  QoS 1',
    "",
    "",
    "",
    "",
    "",
    "log ────────────────────────────────────────────────────────────────────────────",
    "00:00:02  bulb        payload is no JSON",
    "",
    "try: mosquitto_sub -h 127.0.0.1 -p 1884 -t 'sensor/data' -v   q quits",
  ])
})

test("every line is exactly as wide as the window, and there are exactly as many as it has rows", () => {
  for (const columns of [1, 20, 40, 41, 59, 60, 61, 75, 76, 77, 80, 99, 100, 133, 160, 200])
    for (const rows of [1, 3, 10, 16, 24, 25, 50]) {
      const lines = drawn({ columns, rows })
      expect(lines.length).toBe(rows)
      for (const line of lines) expect([columns, rows, width(line)]).toEqual([columns, rows, columns])
    }
})

test("wide, combining and hostile characters do not break the frame", () => {
  const payload = Buffer.from('{"ort":"温度計 🌡 e\u0301"}\x1b[2J\r\n\u202e').toString("latin1").repeat(4)
  const devices = [{ ...climate, name: "温室\x1b[31m", lastPublish: { atUs: 0, topic: "räume/\x07", payload } }, bulb]
  const hostile = state({ devices, messages: [message(payload, { from: "\x1b]0;x\x07", topic: payload })] })
  hostile.log.push({ atUs: 0, device: "\x9bx", level: "error", text: "\x1bc" })
  for (const columns of [40, 60, 80, 121]) {
    const lines = drawn({ columns, rows: 30 }, hostile)
    for (const line of lines) expect(width(line)).toBe(columns)
    expect(lines.join("")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/)
  }
})

test("at 60 columns the boards stand below each other", () => {
  const text = drawn({ columns: 60, rows: 40 }).join("\n")
  expect(text.match(/╭─/g)).toHaveLength(2)
  expect(text).toContain("╭─ climate ──")
  expect(text.indexOf("bulb")).toBeGreaterThan(text.indexOf("╰"))
})

test("a window too low for panels gets a line a board", () => {
  const lines = drawn({ columns: 80, rows: 12 })
  expect(lines.join("\n")).not.toContain("╭")
  expect(lines[2]).toContain("◔ Wi-Fi bulb 712/2500 ▓▓▓▓")
  expect(lines[1]).toContain('● online climate 712/2500  → {"temperature":23.2,"humidity":27.3}')
})

test("link, memory, reading and last words of a board are shown", () => {
  const text = drawn({ columns: 140, rows: 30 }).join("\n")
  expect(text).toContain("● online  ▂▄▆█ -61 dBm")
  expect(text).toContain("up 00:01:20 · boot 1")
  expect(text).toContain("712 of 2500 blocks")
  expect(text).toContain("23.2 °C  27.3 %")
  expect(text).toContain('sensor/data {"temperature":23.2')
  expect(text).toContain("3 s ago")
  expect(text).toContain("◔ Wi-Fi")
})

test("the bulb is a patch of its true colour, of the nearest of 256, or a shade", () => {
  const size = { columns: 100, rows: 30 }
  expect(view(state(), size, new Style("true")).join("")).toContain("\x1b[48;2;255;127;0m")
  // 208 of xterm's cube is #ff8700
  expect(view(state(), size, new Style("256")).join("")).toContain("\x1b[48;5;208m")
  const shaded = view(state(), size, none).join("")
  expect(shaded).not.toContain("\x1b")
  expect(shaded).toContain("▓▓▓▓▓▓▓▓▓▓▓▓▓▓  #ff7f00")
})

test("colours are taken from what the terminal says of itself", () => {
  expect(colourDepth({ COLORTERM: "truecolor", TERM: "xterm-256color" }, true)).toBe("true")
  expect(colourDepth({ TERM: "xterm-256color" }, true)).toBe("256")
  expect(colourDepth({ TERM: "xterm" }, true)).toBe("16")
  expect(colourDepth({ COLORTERM: "truecolor", NO_COLOR: "1" }, true)).toBe("none")
  expect(colourDepth({ COLORTERM: "truecolor" }, false)).toBe("none")
  expect(colourDepth({ TERM: "dumb" }, true)).toBe("none")
})

test("painted lines are as wide as plain ones", () => {
  for (const line of view(state(), { columns: 97, rows: 30 }, new Style("true")))
    expect(width(stripVTControlCharacters(line))).toBe(97)
})

test("a halted board, a stopped broker, a button and a relay are told apart", () => {
  const parts: DeviceView["parts"] = [
    { name: "button", part: "button", values: { pressed: 1 } },
    { name: "relay", part: "relay", values: { closed: 0, closings: 3 } },
  ]
  const devices: DeviceView[] = [
    { ...climate, state: "halted" },
    { ...bulb, parts, state: "off" },
  ]
  const shown = { ...state({ devices, broker: { clients: 0, running: false } }), heard: {} }
  const text = drawn({ columns: 100, rows: 30 }, { ...shown, broker: {} }).join("\n")
  for (const words of ["✖ stopped", "○ powered off", "● pressed", "○ open", "broker stopped", "nothing yet"])
    expect(text).toContain(words)
})

test("a board that has not started shows no memory of nothing", () => {
  const devices = [{ ...climate, memory: { used: 0, total: 0 } }]
  const text = drawn({ columns: 100, rows: 30 }, state({ devices })).join("\n")
  expect(text).toContain("memory not started yet")
  expect(text).not.toContain("0 of 0")
})

test("buttons are numbered across the boards, and the footer says what each key presses", () => {
  const button = (name: string) => ({ name, part: "button", values: { pressed: 0 } })
  const devices = [
    { ...climate, parts: [...climate.parts, button("up")] },
    { ...bulb, parts: [button("a"), ...bulb.parts, button("b")] },
  ]
  expect(buttonKeys({ devices })).toEqual([
    { key: "1", device: "climate", part: "up" },
    { key: "2", device: "bulb", part: "a" },
    { key: "3", device: "bulb", part: "b" },
  ])
  expect(drawn({ columns: 80, rows: 30 }, state({ devices })).at(-2)!.trimEnd()).toBe(
    "1 presses climate.up   2 presses bulb.a   3 presses bulb.b",
  )
  const many = [{ ...bulb, parts: Array.from({ length: 12 }, (_, i) => button(`b${i}`)) }]
  expect(
    buttonKeys({ devices: many })
      .map(({ key }) => key)
      .join(""),
  ).toBe("123456789")
})

test("many messages and logs show the newest, and fill the window to its last row", () => {
  const messages = Array.from({ length: 20 }, (_, i) => message(`message ${i}`))
  const shown = state({ messages })
  shown.log = Array.from({ length: 50 }, (_, i) => ({
    atUs: 0,
    device: "bulb",
    level: "info" as const,
    text: `log ${i}`,
  }))
  const text = drawn({ columns: 80, rows: 30 }, shown).join("\n")
  expect(text).toContain("message 19")
  expect(text).toContain("log 49")
  expect(text).not.toContain("message 0 ")
})

test("the screen rewrites only what changed and leaves the terminal as it was", () => {
  const written: string[] = []
  const screen = new Screen({ columns: 10, rows: 2, write: (text) => written.push(text) })
  screen.draw(["not", "open"])
  expect(written).toEqual([])
  screen.open()
  expect(written.splice(0).join("")).toContain("\x1b[?1049h\x1b[?25l")
  screen.draw(["one", "two"])
  screen.draw(["one", "TWO"])
  screen.draw(["one", "TWO"])
  expect(written.length).toBe(2)
  expect(written.pop()).not.toContain("one")
  screen.forget()
  screen.draw(["one", "TWO"])
  expect(written.pop()).toContain("one")
  screen.close()
  screen.close()
  expect(written.filter((text) => text.includes("\x1b[?25h") && text.includes("\x1b[?1049l"))).toHaveLength(1)
})
