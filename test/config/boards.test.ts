import { readFileSync, readdirSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { boardMeant, findPin, loadBoards, type Board, type BoardPin } from "../../tools/config/boards"

const folder = new URL("../../boards/", import.meta.url)
const schema = z.fromJSONSchema(JSON.parse(readFileSync(new URL("board.schema.json", folder), "utf8")))
const boards = loadBoards()
const named = (name: string) => boards.find((board) => board.name === name)!
const devkit = named("esp32-devkitc")
const numbersWhere = (board: Board, holds: (pin: BoardPin) => unknown) =>
  Object.values(board.pins)
    .filter(holds)
    .map((pin) => pin.number)

test("every board fits the schema and is named as its file", () => {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json") && file !== "board.schema.json")
  expect(boards.map(({ name }) => `${name}.json`)).toEqual(files.sort())
  for (const board of boards) expect(schema.safeParse(board)).toMatchObject({ success: true })
})

test.each<[string, (board: any) => unknown]>([
  ["a mark it does not know", (board) => (board.pins.GPIO4.inputonly = true)],
  ["a mark that is false", (board) => (board.pins.GPIO4.pwm = false)],
  ["a converter without its channel", (board) => delete board.pins.GPIO4.adc.channel],
  ["a strapping pin that does not say what it does", (board) => delete board.pins.GPIO0.strapping.then],
  ["an offset that is a number", (board) => (board.firmware.app = 65536)],
  ["a bus that Espruino has not", (board) => (board.pins.GPIO4.buses = ["I2C3.sda"])],
  ["a key beside the known ones", (board) => (board.price = 5)],
  ["a board without sources", (board) => (board.sources = [])],
])("the schema refuses %s", (_, spoil) => {
  const spoilt = structuredClone(devkit)
  spoil(spoilt)
  expect(schema.safeParse(spoilt).success).toBe(false)
})

test("every board draws more the more it does", () => {
  for (const { power } of boards) {
    const rising = [power.deepSleepMa, power.cpuIdleMa, power.cpuActiveMa, power.rxMa, power.txMa]
    expect(rising).toEqual([...rising].sort((a, b) => a - b))
    expect(power.boardMa).toBeGreaterThan(0)
  }
})

describe.each(boards.map((board) => [board.name, board] as const))("%s", (_, board) => {
  test("every pin's key carries its number, and no two pins are printed alike", () => {
    for (const [name, pin] of Object.entries(board.pins)) expect(name).toBe(`GPIO${pin.number}`)
    const printed = Object.values(board.pins).map((pin) => pin.printed)
    expect(new Set(printed).size).toBe(printed.length)
  })

  test("its LED and its button are pins that it has", () => {
    const pins = [board.led, board.button].flatMap((at) => (at ? [at.pin] : []))
    expect(Object.keys(board.pins)).toEqual(expect.arrayContaining(pins))
  })

  test("each of its names for a pin finds that pin, alone or among several", () => {
    for (const [name, pin] of Object.entries(board.pins))
      for (const each of [name, pin.printed, ...pin.names]) {
        const found = findPin(board, each)
        expect(found.found === "one" ? [found.name] : found.found === "several" && found.names).toContain(name)
      }
  })

  test("Storage ends within its flash", () => {
    expect(Number(board.storage.offset) + board.storage.bytes).toBeLessThanOrEqual(board.flashMegabytes * 2 ** 20)
  })
})

test("a pin is the same silicon and firmware on every board of its chip", () => {
  const seen = new Map<string, unknown>()
  for (const { chip, pins, firmware, storage } of boards) {
    for (const { printed: _p, names: _n, offHeader: _o, bridge: _b, ...silicon } of Object.values(pins)) {
      const key = `${chip} ${silicon.number}`
      if (seen.has(key)) expect([key, silicon]).toEqual([key, seen.get(key)])
      seen.set(key, silicon)
    }
    if (seen.has(chip)) expect([firmware, storage]).toEqual(seen.get(chip))
    seen.set(chip, [firmware, storage])
  }
  expect([...seen.keys()].filter((key) => key.startsWith("ESP32-S3 "))).toHaveLength(36)
})

// Espruino 2v29 and the ESP32 datasheet, of the pins that are on the 38-pin header
test("the ESP32's special pins are marked", () => {
  expect(numbersWhere(devkit, (pin) => pin.inputOnly)).toEqual([34, 35, 36, 39])
  expect(numbersWhere(devkit, (pin) => pin.flash)).toEqual([6, 7, 8, 9, 10, 11])
  expect(numbersWhere(devkit, (pin) => pin.strapping)).toEqual([0, 2, 5, 12, 15])
  expect(numbersWhere(devkit, (pin) => pin.strapping?.stopsBoot)).toEqual([0, 12])
  const pulledUp = [0, 12, 13, 14, 15, 18, 19, 21, 22, 25, 26, 27, 34, 35, 36, 39]
  expect(numbersWhere(devkit, (pin) => pin.bootPullUp)).toEqual(pulledUp)
  expect(numbersWhere(devkit, (pin) => pin.dac)).toEqual([25, 26])
  expect(numbersWhere(devkit, (pin) => pin.noWatch)).toEqual([6, 7, 8, 9, 10, 11, 12])
})

/** By channel, as the datasheets' pin lists have them; undefined where no header brings the pin out. */
const CHANNELS: Record<string, { adc1: (number | undefined)[]; adc2: (number | undefined)[]; touch: number[] }> = {
  "esp32-devkitc": {
    adc1: [36, undefined, undefined, 39, 32, 33, 34, 35],
    adc2: [4, 0, 2, 15, 13, 12, 14, 27, 25, 26],
    touch: [4, 0, 2, 15, 13, 12, 14, 27, 33, 32],
  },
  "esp32-c3-devkitm": { adc1: [0, 1, 2, 3, 4], adc2: [5], touch: [] },
  "esp32-s3-devkitc": {
    adc1: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    adc2: [11, 12, 13, 14, 15, 16, 17, 18, 19, 20],
    touch: [NaN, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
  },
}

test.each(Object.entries(CHANNELS))("the converters and touch channels of %s are at their pins", (name, channels) => {
  const pins = Object.values(named(name).pins)
  const units = [channels.adc1, channels.adc2]
  for (const { number, adc, touch } of pins) {
    const unit = units.findIndex((each) => each.includes(number))
    const expected = unit < 0 ? undefined : { unit: unit + 1, channel: units[unit].indexOf(number) }
    expect([number, adc]).toEqual([number, expected])
    const sensor = channels.touch.indexOf(number)
    expect([number, touch]).toEqual([number, sensor < 0 ? undefined : sensor])
  }
})

test("analogRead reads ADC1 on ESP32 and C3, nothing on S3; a C3 has three LEDC channels less", () => {
  const read = Object.fromEntries(boards.map(({ chip, firmware }) => [chip, [firmware.adcUnits, firmware.pwm]]))
  expect(read).toEqual({
    ESP32: [[1], { common: 5, own: 3 }],
    "ESP32-C3": [[1], { common: 5, own: 1 }],
    "ESP32-S3": [[], { common: 5, own: 3 }],
  })
})

// facts: Espruino's README_flash texts
test.each([
  ["esp32-devkitc", "0x1000", "40m"],
  ["esp32-c3-devkitm", "0x0", "80m"],
  ["esp32-s3-devkitc", "0x0", "80m"],
])("%s has its boot loader at %s", (name, bootloader, flashFrequency) => {
  const { firmware, storage } = named(name)
  expect(firmware).toMatchObject({ bootloader, partitions: "0x8000", app: "0x10000", flashMode: "dio", flashFrequency })
  expect(storage).toEqual({ offset: "0x320000", bytes: 896 * 1024 })
})

test.each([
  ["esp32-devkitc", 32],
  // 25 of its 30 pins, and the BOOT button's
  ["esp32-devkit-v1", 26],
  // 25, and the battery's
  ["lolin-d32", 26],
  ["wemos-d1-mini-esp32", 32],
  ["esp32-c3-devkitm", 15],
  ["xiao-esp32c3", 11],
  ["esp32-s3-devkitc", 36],
])("%s has %i pins", (name, pins) => {
  expect(Object.keys(named(name).pins)).toHaveLength(pins)
})

test.each([
  ["esp32-devkitc", ["GPIO21", "GPIO22"]],
  ["xiao-esp32c3", ["GPIO8", "GPIO9"]],
  ["esp32-s3-devkitc", ["GPIO8", "GPIO9"]],
])("%s has I2C1 where its chip's build has it", (name, [sda, scl]) => {
  const at = (bus: string) => Object.keys(named(name).pins).find((pin) => named(name).pins[pin].buses?.includes(bus))
  expect([at("I2C1.sda"), at("I2C1.scl")]).toEqual([sda, scl])
})

test("pins are found by the names printed on the board", () => {
  expect(findPin(devkit, "VP")).toMatchObject({ found: "one", name: "GPIO36" })
  expect(findPin(devkit, "tx")).toMatchObject({ found: "one", name: "GPIO1" })
  expect(findPin(devkit, "D3")).toEqual({ found: "several", names: ["GPIO3", "GPIO10"] })
  expect(findPin(devkit, "GPIO37")).toMatchObject({ found: "none" })
  expect(findPin(named("wemos-d1-mini-esp32"), "TDI")).toMatchObject({ found: "one", name: "GPIO12" })
})

test("where the print and Espruino give one name to two pins, both are told", () => {
  expect(findPin(named("xiao-esp32c3"), "D4")).toEqual({ found: "several", names: ["GPIO4", "GPIO6"] })
  expect(findPin(named("wemos-d1-mini-esp32"), "D5")).toEqual({ found: "several", names: ["GPIO5", "GPIO18"] })
  expect(findPin(named("xiao-esp32c3"), "D10")).toMatchObject({ found: "one", name: "GPIO10" })
})

test("no name of a board is another board's", () => {
  const names = boards.flatMap(({ name, aliases }) => [name, ...aliases])
  expect(names.filter((name, at) => names.indexOf(name) < at)).toEqual([])
})

test("a board is known by the names that others give it, and by nearly so", () => {
  expect(boardMeant(boards, "lolin_d32")).toEqual({ same: "lolin-d32" })
  expect(boardMeant(boards, " WEMOS_D1_Mini32 ")).toEqual({ same: "wemos-d1-mini-esp32" })
  expect(boardMeant(boards, "esp32-s3-devkit")).toEqual({ near: "esp32-s3-devkitc" })
  expect(boardMeant(boards, "uno")).toEqual({})
})

test("the README has a line for every board", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8")
  for (const { name } of boards) expect(readme).toContain(`| \`${name}\``)
})
