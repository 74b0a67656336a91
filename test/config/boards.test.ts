import { readFileSync, readdirSync } from "node:fs"
import { expect, test } from "vitest"
import { z } from "zod"
import { findPin, loadBoards } from "../../tools/config/boards"

const folder = new URL("../../boards/", import.meta.url)
const schema = z.fromJSONSchema(JSON.parse(readFileSync(new URL("board.schema.json", folder), "utf8")))
const boards = loadBoards()
const devkit = boards.find(({ name }) => name === "esp32-devkitc")!
const numbersWhere = (mark: "inputOnly" | "flash" | "strapping" | "bootPullUp" | "adc" | "dac" | "noWatch") =>
  Object.values(devkit.pins)
    .filter((pin) => pin[mark])
    .map((pin) => pin.number)

test("every board fits the schema and is named as its file", () => {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json") && file !== "board.schema.json")
  expect(boards.map(({ name }) => `${name}.json`)).toEqual(files.sort())
  for (const board of boards) expect(schema.safeParse(board)).toMatchObject({ success: true })
})

test("the schema refuses a mark it does not know", () => {
  const spoilt = structuredClone(devkit) as any
  spoilt.pins.GPIO4.inputonly = true
  expect(schema.safeParse(spoilt).success).toBe(false)
})

test("every board draws more the more it does", () => {
  for (const { power } of boards) {
    const rising = [power.deepSleepMa, power.cpuIdleMa, power.cpuActiveMa, power.rxMa, power.txMa]
    expect(rising).toEqual([...rising].sort((a, b) => a - b))
    expect(power.boardMa).toBeGreaterThan(0)
  }
})

test("every pin's key carries its number", () => {
  for (const { pins } of boards) for (const [name, pin] of Object.entries(pins)) expect(name).toBe(`GPIO${pin.number}`)
})

// Espruino 2v29 and the ESP32 datasheet, of the pins that are on the 38-pin header
test("the ESP32's special pins are marked", () => {
  expect(numbersWhere("inputOnly")).toEqual([34, 35, 36, 39])
  expect(numbersWhere("flash")).toEqual([6, 7, 8, 9, 10, 11])
  expect(numbersWhere("strapping")).toEqual([0, 2, 5, 12, 15])
  expect(numbersWhere("bootPullUp")).toEqual([0, 12, 13, 14, 15, 18, 19, 21, 22, 25, 26, 27, 34, 35, 36, 39])
  expect(numbersWhere("adc")).toEqual([32, 33, 34, 35, 36, 39])
  expect(numbersWhere("dac")).toEqual([25, 26])
  expect(numbersWhere("noWatch")).toEqual([6, 7, 8, 9, 10, 11, 12])
})

test("32 of the 38 header pins are GPIOs", () => {
  expect(Object.keys(devkit.pins)).toHaveLength(32)
})

test("pins are found by the names printed on the board", () => {
  expect(findPin(devkit, "VP")).toMatchObject({ found: "one", name: "GPIO36" })
  expect(findPin(devkit, "tx")).toMatchObject({ found: "one", name: "GPIO1" })
  expect(findPin(devkit, "D3")).toEqual({ found: "several", names: ["GPIO3", "GPIO10"] })
  expect(findPin(devkit, "GPIO37")).toMatchObject({ found: "none" })
})
