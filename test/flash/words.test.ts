import { describe, expect, it } from "vitest"
import { barText } from "../../tools/cli/progress"
import { firstWords } from "../../tools/flash/first-words"
import { encodeRecord } from "../../tools/flash/loader"
import { literal } from "../../tools/flash/literal"
import { hasPackets, hasTokens, refuseBoard } from "../../tools/flash/refuse"
import { crc32 } from "../../src/util/crc32"
import type { ChipState } from "../../tools/flash/chip"

const chip = (version: string, board = "ESP32") => ({ version, board }) as ChipState
const DEVKIT = { name: "esp32-devkitc", chip: "ESP32" }

describe("what a board is refused for", () => {
  it.each([
    ["1v99", "ESP32", /Espruino 1v99.*2v20.*motewire firmware/],
    ["2v19", "ESP32", /2v20/],
    ["2v29", "ESP32C3", /an ESP32-C3.*esp32-devkitc/],
    ["2v29", "ESP32S3", /an ESP32-S3/],
    ["2v29", "PUCKJS", /no ESP32 \(PUCKJS\)/],
  ])("%s on %s", (version, board, words) => expect(() => refuseBoard(chip(version, board), DEVKIT)).toThrow(words))

  it.each([
    ["2v20", "ESP32"],
    ["2v29.277", "ESP32_IDF4"],
    ["3v0", "ESP32"],
    ["2v29", "LINUX"],
  ])("not %s on %s", (version, board) => expect(() => refuseBoard(chip(version, board), DEVKIT)).not.toThrow())

  it("knows packets from 2v25 and tokens from 2v21", () => {
    expect(["2v24", "2v25", "2v29.277"].map((version) => hasPackets(chip(version)))).toEqual([false, true, true])
    expect(["2v20", "2v21"].map((version) => hasTokens(chip(version)))).toEqual([false, true])
  })
})

describe("a program's first words", () => {
  it("are what stands between ROM, banner, prompt and answers", () => {
    const heard =
      "ets Jun  8 2016 00:22:57\r\nrst:0xc (SW_CPU_RESET),boot:0x13\r\nload:0x3fff0018,len:4\r\n\r\n ____                 _ \r\n|  __|___ ___\r\n" +
      ' 2v29 (c) 2026 G.Williams\r\nEspruino is Open Source. Our work is supported\r\nwifi: connected\r\n>\x1b[J<mw:7:{"value":1}:mw>\r\n>mqtt: online\r\nhalf'
    expect(firstWords(heard)).toEqual(["wifi: connected", "mqtt: online"])
  })
})

it("a program's words are text, and nothing that a terminal obeys", () => {
  expect(firstWords("k\xc3\xa4se \x1b[2Jis here\r\n>bad \x9b31m\r\n")).toEqual(["käse is here", "bad \ufffd31m"])
})

describe("a boot record", () => {
  it("is as long as whole words of flash, with its own checksum in front", () => {
    for (const settings of ["1", "12", "123", "1234"]) {
      const text = encodeRecord({ sequence: 9, slot: "mw.1", bytes: 5, crc: 6, settingsFile: "mw.a", settings })
      const [, crc, body] = /^(\d+) (.*)$/.exec(text)!
      expect(text.length % 4).toBe(0)
      expect(crc32(body!)).toBe(Number(crc))
      expect(body).toMatch(new RegExp(`^9 mw.1 5 6 mw.a -+ ${settings}$`))
    }
  })
})

it("a literal has no byte that a console takes for a key, and is what it was", () => {
  const bytes = String.fromCharCode(...Array.from({ length: 256 }, (_, code) => code))
  expect(literal(bytes)).toMatch(/^[ -~]+$/)
  const unescaped = literal(bytes)
    .slice(1, -1)
    .replace(/\\x(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  expect(unescaped).toBe(bytes)
})

it("the progress bar has share, bytes, rate and time left", () => {
  expect(barText("climate", 6000, 12_000, 600)).toBe(
    "climate ############------------ 50 %  6.0 of 12.0 kB  10.0 kB/s  1 s left",
  )
})
