import { expect, test } from "vitest"
import { loadBoards } from "../../tools/config/boards"
import { resolveSettings, type SettingsSchema } from "../../tools/config/settings"
import { load, problemsOf, sound } from "./support/project"

/** The problems after changing one device's settings. */
async function spoilt(device: string, settings: Record<string, unknown>): Promise<string[]> {
  const config = sound()
  config.devices[device].settings = { ...config.devices[device].settings, ...settings }
  return problemsOf(config)
}

const at = (key: string) => `flash.config.json: devices.${key}: `

test("an input-only pin used as PWM output is refused with pins that do", async () => {
  const [line] = await spoilt("bulb", { red: "GPIO34" })
  expect(line).toBe(
    at("bulb.settings.red") +
      "GPIO34 is input-only on esp32-devkitc, and red is a PWM output. " +
      "Use one of GPIO4, GPIO16, GPIO32, GPIO33.",
  )
})

test("no pin is offered that another setting or a part has, whether that is right or not", async () => {
  const offered = async (relay: string, parts: object) => {
    const config = sound()
    const settings = { button: "GPIO17", relay, room: "D23" }
    config.devices = { switch: { board: "esp32-devkitc", program: "switch.ts", settings, parts } }
    const lines = await problemsOf(config)
    return lines.map((line) => [line.split(": ")[1], line.match(/Use one of (.*)\./)?.[1].split(", ")])
  }
  expect(await offered("GPIO35", { lamp: { part: "dimmed-led", light: "D4" } })).toEqual([
    ["devices.switch.settings.relay", ["GPIO16", "GPIO23", "GPIO32", "GPIO33"]],
  ])
  expect(await offered("GPIO35", { lamp: { part: "dimmed-led", light: "GPIO36" } })).toEqual([
    ["devices.switch.settings.relay", ["GPIO4", "GPIO16", "GPIO23", "GPIO32", "GPIO33"]],
    ["devices.switch.parts.lamp.light", ["GPIO4", "GPIO16", "GPIO23", "GPIO32", "GPIO33"]],
  ])
})

test("the bus of an example leaves out what is taken, and a doubt about a pin says so when no better one is left", () => {
  const board = loadBoards().find(({ name }) => name === "esp32-devkitc")!
  const schema: SettingsSchema = {
    bus: { kind: "pins", roles: { sda: "i2c", scl: "i2c" } },
    fan: { kind: "pin", use: "output" },
  }
  const { problems } = resolveSettings(schema, { fan: "GPIO21" }, board, "it")
  expect(problems[0].remedy).toMatch(/"sda": "GPIO(?!21")\d+", "scl": "GPIO22"/)
  const good = { a: "GPIO4", b: "GPIO16", c: "GPIO17", d: "GPIO23", e: "GPIO32", f: "GPIO33" }
  const { warnings } = resolveSettings(schema, { fan: "GPIO18", bus: {} }, board, "it", { parts: good })
  expect(warnings.map(({ remedy }) => remedy)).toEqual(["The pins without such a doubt are taken."])
})

test("an input-only pin used as a wire is refused: a wire is driven low, too", async () => {
  const [line] = await spoilt("climate", { sensor: "GPIO35" })
  expect(line).toContain("GPIO35 is input-only on esp32-devkitc, and sensor is a wire that is driven low and watched")
})

test("a pin of the flash is refused for any use", async () => {
  const [line] = await spoilt("climate", { sensor: "GPIO6" })
  expect(line).toContain("GPIO6 is wired to the flash that holds the program on esp32-devkitc. Use one of GPIO4")
})

test("a DAC pin is refused for PWM, a pin without a watch for a wire", async () => {
  expect((await spoilt("bulb", { red: "GPIO25" }))[0]).toContain("GPIO25 is a DAC pin")
  expect((await spoilt("climate", { sensor: "GPIO12" }))[0]).toContain("GPIO12 cannot be watched")
})

test("an unknown pin is answered with the closest names", async () => {
  expect(await spoilt("climate", { sensor: "GPIO24" })).toEqual([
    at("climate.settings.sensor") + '"GPIO24" is no pin of esp32-devkitc. Did you mean GPIO2 or GPIO4 or GPIO14?',
  ])
  expect((await spoilt("climate", { sensor: "banana" }))[0]).toContain("Use one of GPIO4, GPIO13")
})

test("pins are found by any of their names", async () => {
  for (const name of ["GPIO4", "gpio4", "4", "D4", "IO4"]) {
    const config = sound()
    config.devices.climate.settings.sensor = name
    expect((await load(config)).devices[0].settings.sensor).toBe(4)
  }
})

test("a name that means two pins is refused: the board's print and Espruino disagree about D2", async () => {
  expect(await spoilt("climate", { sensor: "D2" })).toEqual([
    at("climate.settings.sensor") +
      '"D2" may mean GPIO2 (printed 2) or GPIO9 (printed D2) on esp32-devkitc. Write GPIO2.',
  ])
})

test("a pin written as a number is answered with its name", async () => {
  expect(await spoilt("climate", { sensor: 4 })).toEqual([
    at("climate.settings.sensor") + '4 is not a pin\'s name. Write "GPIO4".',
  ])
})

test("two settings on one pin are refused, however the pin is called", async () => {
  expect(await spoilt("bulb", { green: "IO16" })).toEqual([
    at("bulb.settings.green") +
      "GPIO16 is already taken by red. Give each setting a pin of its own. " +
      "Use one of GPIO4, GPIO17, GPIO32, GPIO33.",
  ])
})

test("strapping pins, the console and boot pull-ups are warned about, and name pins without doubts", async () => {
  const config = sound()
  config.devices.climate.settings.sensor = "GPIO2"
  config.devices.bulb.settings = { red: "GPIO18", green: "GPIO3", blue: "GPIO23" }
  const told = (await load(config)).warnings.map(({ key, reason, remedy }) => `${key}: ${reason}. ${remedy}`)
  expect(told).toEqual([
    expect.stringContaining("network.password: WIFI_PASSWORD is not set"),
    expect.stringMatching(
      /^devices.climate.settings.sensor: GPIO2 is a strapping pin, and at reset high .* No such doubt about GPIO4,/,
    ),
    expect.stringMatching(
      /^devices.climate.parts.dht22.data: GPIO2 is a strapping pin, and the dht22 pulls it up at reset: high .* Use one of GPIO4,/,
    ),
    expect.stringContaining("devices.bulb.settings.red: GPIO18 is pulled up while the board boots, so red may twitch"),
    expect.stringContaining("devices.bulb.settings.green: GPIO3 is the serial console"),
  ])
})

test("a setting the program does not declare is answered with the one that was meant", async () => {
  expect(await spoilt("climate", { intervall: "30s" })).toEqual([
    at("climate.settings.intervall") + 'the program declares no such setting. Did you mean "interval"?',
  ])
})

test("a missing setting without default is named with what fits; one with a default is not asked for", async () => {
  const config = sound()
  config.devices.climate.settings = {}
  expect((await problemsOf(config))[0]).toContain(
    'devices.climate.settings.sensor: is missing: the program needs a pin. Write "sensor": with one of GPIO4',
  )
  config.devices.climate = {
    board: "esp32-devkitc",
    program: "switch.ts",
    settings: { button: "GPIO32", relay: "GPIO33" },
  }
  expect(await problemsOf(config)).toEqual([
    at("climate.settings.room") + 'is missing and has no default. Write "room": "text".',
  ])
})

test.each([
  [{ interval: "10m" }, 'the text "10m" is not a time. Write "10min".'],
  [{ interval: "30 minutes" }, 'the text "30 minutes" is not a time. Write "30s".'],
  [{ interval: "1s" }, 'the text "1s" is out of range. Write 2s to 1h.'],
  [{ interval: true }, 'true is not a time. Write "30s".'],
])("a duration %j is refused", async (settings, told) => {
  expect((await spoilt("climate", settings))[0]).toBe(at("climate.settings.interval") + told)
})

test.each([
  ["30s", 30_000],
  ["2500ms", 2500],
  ["1.5min", 90_000],
  ["1h", 3_600_000],
  [45, 45_000],
])("a duration %j is %i ms", async (written, ms) => {
  const config = sound()
  config.devices.climate.settings.interval = written
  expect((await load(config)).devices[0].settings.interval).toBe(ms)
})

test.each([
  [{ level: 11 }, "level: 11 is out of range. Write 0 to 10."],
  [{ level: "5" }, 'level: the text "5" is not a number. Write 5.'],
  [{ on: "yes" }, 'on: the text "yes" is not true or false. Write true.'],
  [{ greeting: 5 }, 'greeting: 5 is not text. Write "text".'],
  // 5 letters, 10 bytes: the limit is the chip's, which counts bytes
  [{ greeting: "ééééé" }, "greeting: the text has 10 bytes. Write at most 8 bytes."],
])("%j is refused", async (settings, told) => {
  expect((await spoilt("bulb", settings))[0]).toBe(at("bulb.settings").slice(0, -2) + "." + told)
})

test("text within the limit is kept as written", async () => {
  const config = sound()
  config.devices.bulb.settings.greeting = "20 °C"
  expect((await load(config)).devices[1].settings.greeting).toBe("20 °C")
})

test.each([
  [{ dht22: {} }, 'dht22.data: is missing. Write "data": with sensor or a pin of the board.'],
  [
    { dht22: { data: "senser" } },
    'dht22.data: "senser" is neither a pin of esp32-devkitc nor a pin setting. Did you mean sensor?',
  ],
  [{ dht22: { data: "sensor", date: "GPIO5" } }, 'dht22.date: a dht22 has no such pin or option. Did you mean "data"?'],
  [
    { thermometer: { data: "sensor" } },
    'thermometer: "thermometer" is no part the simulator knows. Known here: dht22, rgb-led, button, relay,',
  ],
  [{ x: { part: "dht21", data: "sensor" } }, 'x.part: "dht21" is not a known part. Did you mean "dht22"?'],
])("the wiring %j is refused", async (parts, told) => {
  const config = sound()
  config.devices.climate.parts = parts
  expect((await problemsOf(config))[0]).toContain(at("climate.parts").slice(0, -2) + "." + told)
})

/** Colour, white and a warm white: six channels for a chip that has five. */
const LAMP: SettingsSchema = Object.fromEntries(
  ["red", "green", "blue", "cold", "warm", "night"].map((name) => [name, { kind: "pin", use: "pwm" }]),
)

test("a PWM pin beyond the chip's channels is refused", () => {
  const board = loadBoards().find(({ name }) => name === "esp32-devkitc")!
  const pins = ["GPIO4", "GPIO16", "GPIO17", "GPIO23", "GPIO32", "GPIO33"]
  const written = Object.fromEntries(Object.keys(LAMP).map((name, at) => [name, pins[at]]))
  expect(resolveSettings(LAMP, written, board, "devices.lamp.settings").problems).toEqual([
    {
      key: "devices.lamp.settings.night",
      reason: "GPIO33 would be PWM pin 6, and Espruino has 5 channels at 5 kHz",
      remedy: expect.stringContaining("Keep 5 PWM pins"),
    },
  ])
  const { night: _, ...five } = LAMP
  const { night: _n, ...fiveWritten } = written
  expect(resolveSettings(five, fiveWritten, board, "devices.lamp.settings").problems).toEqual([])
})

test("a bus that is missing is shown with the board's own pins for it where nothing speaks against them", () => {
  const BUS: SettingsSchema = { bus: { kind: "pins", roles: { sda: "i2c", scl: "i2c" } } }
  const remedyOn = (name: string) =>
    resolveSettings(
      BUS,
      {},
      loadBoards().find((board) => board.name === name)!,
      "devices.air.settings",
    ).problems[0].remedy
  expect(remedyOn("lolin-d32")).toBe('Write "bus": { "sda": "GPIO21", "scl": "GPIO22" }.')
  // I2C1 of a C3 is at two strapping pins.
  expect(remedyOn("esp32-c3-devkitm")).toBe('Write "bus": { "sda": "GPIO0", "scl": "GPIO1" }.')
})

test("a board whose USB connector does not end where its firmware listens is warned about", async () => {
  const config = sound()
  config.devices = { climate: { ...config.devices.climate, board: "esp32-c3-devkitm", settings: { sensor: "GPIO4" } } }
  expect((await load(config)).warnings.map(({ key, reason, remedy }) => `${key}: ${reason}. ${remedy}`)).toContain(
    "devices.climate.board: the USB connector of esp32-c3-devkitm ends at a serial bridge, and Espruino for ESP32-C3 " +
      "listens at the chip's own USB. To flash programs wire a USB cable to GPIO18 and GPIO19.",
  )
})

test("alternatives are named as printed, too, where the print has another number or none", () => {
  const board = loadBoards().find(({ name }) => name === "xiao-esp32c3")!
  const [{ remedy }] = resolveSettings({ coil: { kind: "pin", use: "output" } }, { coil: 4 }, board, "it").problems
  expect(remedy).toBe('Write "GPIO4".')
  const [missing] = resolveSettings({ coil: { kind: "pin", use: "output" } }, {}, board, "it").problems
  expect(missing.remedy).toBe(
    'Write "coil": with one of GPIO3 (D1), GPIO4 (D2), GPIO5 (D3), GPIO6 (D4), GPIO7 (D5), GPIO10, GPIO20 (D7).',
  )
})

test("a bus names the pin that is none, and a misspelt one once", () => {
  const board = loadBoards().find(({ name }) => name === "esp32-devkitc")!
  const schema = { bus: { kind: "pins", roles: { sda: "i2c", scl: "i2c" } } } as const
  const said = (bus: unknown) =>
    resolveSettings(schema, { bus }, board, "settings").problems.map(
      ({ key, reason, remedy }) => `${key}: ${reason}. ${remedy}`,
    )
  expect(said({ sda: "GPIO99", scl: 22 })).toEqual([
    expect.stringContaining('settings.bus.sda: "GPIO99" is no pin of esp32-devkitc'),
    'settings.bus.scl: 22 is not a pin\'s name. Write "GPIO22".',
  ])
  expect(said({ sda: "GPIO21", slc: "GPIO22" })).toEqual([expect.stringContaining('Did you mean "scl"?')])
})
