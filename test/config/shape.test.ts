import { expect, test } from "vitest"
import { load, problemsOf, sound } from "./support/project"

test("a sound file gives typed devices, pins as numbers and durations as milliseconds", async () => {
  const config = await load(sound())
  expect(config.devices.map(({ name, settings }) => [name, settings])).toEqual([
    ["climate", { sensor: 4, interval: 30_000 }],
    ["bulb", { red: 16, green: 17, blue: 23, level: 5, greeting: "hello", on: true }],
  ])
  expect(config.devices[1].parts).toEqual([{ name: "lamp", part: "rgb-led", pins: { red: 16, green: 17, blue: 23 } }])
})

test("a wrong key is named with the key that was meant", async () => {
  const config = { ...sound(), netwrok: {} }
  expect(await problemsOf(config)).toEqual([
    'flash.config.json: netwrok: this key is not known here. Did you mean "network"?',
  ])
})

test("a wrong key inside a device lists the known keys when none is near", async () => {
  const config = sound()
  config.devices.climate.firmware = "x"
  expect(await problemsOf(config)).toEqual([
    "flash.config.json: devices.climate.firmware: this key is not known here. " +
      "Known here: board, program, port, settings, parts.",
  ])
})

test.each([
  ["esp32-devkit", 'Did you mean "esp32-devkitc"? '],
  ["NodeMCU-32S", 'It is called "esp32-devkitc" here. '],
  ["nodemcu-32", 'Did you mean "esp32-devkitc"? '],
  ["seeed_xiao_esp32c3", 'It is called "xiao-esp32c3" here. '],
  ["DOIT ESP32 DevKit V1", 'It is called "esp32-devkit-v1" here. '],
  ["arduino-uno", ""],
])("the unknown board %s is answered with what is meant and the list of boards", async (board, meant) => {
  const config = sound()
  config.devices.climate.board = board
  expect(await problemsOf(config)).toEqual([
    `flash.config.json: devices.climate.board: "${board}" is not a known board. ${meant}` +
      "Known: esp32-c3-devkitm, esp32-devkit-v1, esp32-devkitc, esp32-s3-devkitc, lolin-d32, wemos-d1-mini-esp32, " +
      "xiao-esp32c3.",
  ])
})

test("a missing key says what belongs there", async () => {
  const config = sound()
  delete config.broker.host
  expect(await problemsOf(config)).toEqual([
    "flash.config.json: broker.host: is missing: the broker's name or address as the devices see it. " +
      'Write "host": "192.168.1.10".',
  ])
})

test("a value of a wrong type or out of range says what it is and shows one that fits", async () => {
  const config = sound()
  config.broker.port = "1883"
  expect(await problemsOf(config)).toEqual([
    'flash.config.json: broker.port: the text "1883" does not fit: this is the broker\'s TCP port, 1 to 65535. ' +
      "Write for example 1883.",
  ])
  config.broker.port = 70_000
  expect((await problemsOf(config))[0]).toContain("broker.port: 70000 does not fit")
})

test("a device name that cannot stand in a topic is refused", async () => {
  const config = sound()
  config.devices["living room/1"] = config.devices.climate
  expect((await problemsOf(config))[0]).toContain("devices.living room/1: is no name for a device")
})

test("an empty list of devices is refused", async () => {
  expect((await problemsOf({ ...sound(), devices: {} }))[0]).toContain("devices: holds no device")
})

test("a program that is not there is named", async () => {
  const config = sound()
  config.devices.climate.program = "src/climat.ts"
  expect(await problemsOf(config)).toEqual([
    'flash.config.json: devices.climate.program: there is no file "src/climat.ts". ' +
      "Paths start at the folder of this config file.",
  ])
})

test("all problems are told at once, across devices and sections", async () => {
  const config = sound()
  config.broker.prot = 1
  config.network.ssid = "x".repeat(33)
  config.devices.climate.settings.sensor = "GPIO34"
  config.devices.bulb.board = "uno"
  const keys = (await problemsOf(config)).map((line) => line.split(": ")[1])
  expect(keys).toEqual(["broker.prot", "devices.bulb.board", "devices.climate.settings.sensor"])
  delete config.broker.prot
  config.devices.bulb.board = "esp32-devkitc"
  expect((await problemsOf(config)).map((line) => line.split(": ")[1])).toEqual([
    "devices.climate.settings.sensor",
    "network.ssid",
  ])
})

test("a key named like a prototype is a wrong key, not a crash", async () => {
  const text = JSON.stringify(sound()).replace('"network"', '"__proto__":{"a":1},"network"')
  expect(await problemsOf(text)).toEqual([expect.stringContaining("__proto__: this key is not known here")])
})

test("a file that is no object, or not there, is told without a stack", async () => {
  expect((await problemsOf("[]"))[0]).toContain("a list does not fit")
  expect((await problemsOf("null"))[0]).toContain("null does not fit")
  const missing = await import("../../tools/config/load").then(({ loadConfig }) =>
    loadConfig("/nowhere/flash.config.json", {}).catch((error: Error) => error.message),
  )
  expect(missing).toContain("/nowhere/flash.config.json: there is no such file. Start in your project's folder")
})
