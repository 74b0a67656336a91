import { describe, expect, test } from "vitest"
import type { PinUse } from "../../src/device/settings-schema"
import { loadBoards, type Board } from "../../tools/config/boards"
import { PIN_USES } from "../../tools/config/pins"
import { resolveSettings } from "../../tools/config/settings"

/** What a person would know of a chip and its firmware, by number and independent of boards/*.json. */
interface Rule {
  pins: number[]
  uses: PinUse[]
  because: RegExp
}
interface ChipRules {
  refused: Rule[]
  warned: Rule[]
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const ALL = range(0, 48)
const DRIVES: PinUse[] = ["wire", "pwm", "output", "strip", "one-wire", "i2c"]
const SHOWS: PinUse[] = ["pwm", "output", "strip"]
const PULLED_UP: PinUse[] = ["wire", "one-wire", "i2c"]
const WATCHED: PinUse[] = ["wire", "input"]
const strapping = (...pins: number[]): Rule => ({ pins, uses: PIN_USES, because: /strapping pin, and at reset/ })
const consoleAt = (...pins: number[]): Rule => ({ pins, uses: PIN_USES, because: /serial console/ })
const pulledUp = (...pins: number[]): Rule => ({ pins, uses: SHOWS, because: /pulled up while the board boots/ })

const CHIPS: Record<string, ChipRules> = {
  ESP32: {
    refused: [
      { pins: range(6, 11), uses: PIN_USES, because: /flash that holds the program/ },
      { pins: range(34, 39), uses: DRIVES, because: /input-only/ },
      { pins: [25, 26], uses: ["pwm"], because: /DAC pin/ },
      { pins: [12], uses: WATCHED, because: /cannot be watched/ },
      { pins: [12], uses: ["one-wire", "i2c"], because: /1\.8 V, and the board does not start/ },
      { pins: [0], uses: ["wire", "pwm", "output", "one-wire"], because: /BTN1 and writes it inverted/ },
      { pins: [0, 2, 4, 12, 13, 14, 15, 25, 26, 27], uses: ["analog"], because: /ADC2, which Espruino does not read/ },
      { pins: [1, 3, 5, ...range(16, 23)], uses: ["analog"], because: /has no converter/ },
    ],
    warned: [
      strapping(0, 2, 5, 12, 15),
      consoleAt(1, 3),
      pulledUp(0, 12, 13, 14, 15, 18, 19, 21, 22, 25, 26, 27),
      { pins: range(34, 39), uses: ["input"], because: /no pull-up inside the chip/ },
      { pins: [0], uses: ["input"], because: /reads it inverted/ },
    ],
  },
  "ESP32-C3": {
    refused: [
      { pins: [18, 19], uses: WATCHED, because: /cannot be watched/ },
      { pins: [0], uses: ["output"], because: /BTN1 and keeps it an input/ },
      { pins: [5], uses: ["analog"], because: /ADC2, which Espruino does not read/ },
      { pins: range(6, 21), uses: ["analog"], because: /has no converter/ },
    ],
    warned: [strapping(2, 8, 9), consoleAt(18, 19), pulledUp(0), { pins: [21], uses: SHOWS, because: /boot log/ }],
  },
  "ESP32-S3": {
    refused: [
      { pins: ALL, uses: ["analog"], because: /Espruino for ESP32-S3 has no converter/ },
      { pins: range(6, 12), uses: WATCHED, because: /cannot be watched/ },
      { pins: [45], uses: PULLED_UP, because: /1\.8 V, and the board does not start/ },
      { pins: [0], uses: ["output"], because: /BTN1 and keeps it an input/ },
    ],
    warned: [
      strapping(0, 3, 45, 46),
      consoleAt(19, 20),
      pulledUp(0, 12, 13, 14, 15, 18, 19, 21, 22, ...range(34, 39)),
      { pins: [35, 36, 37], uses: PIN_USES, because: /8-line PSRAM/ },
      { pins: [43], uses: SHOWS, because: /boot log/ },
    ],
  },
}

const QUIET = PIN_USES.filter((use) => !SHOWS.includes(use))
const bridge = (...pins: number[]): Rule => ({ pins, uses: PIN_USES, because: /serial bridge/ })
const led = (...pins: number[]): Rule => ({ pins, uses: QUIET, because: /LED of .* loads it/ })

/** What the boards add to their chip. */
const BOARDS: Record<string, Partial<ChipRules>> = {
  "esp32-devkitc": {},
  "esp32-devkit-v1": {
    refused: [{ pins: [0], uses: DRIVES, because: /on no header .* the BOOT button alone/ }],
    warned: [led(2), { pins: [0], uses: ["input"], because: /it reads the BOOT button/ }],
  },
  "lolin-d32": { warned: [led(5), { pins: [35], uses: ["input", "analog"], because: /half the battery/ }] },
  "wemos-d1-mini-esp32": { warned: [led(2)] },
  "esp32-c3-devkitm": { warned: [bridge(20, 21), led(8)] },
  "xiao-esp32c3": {},
  "esp32-s3-devkitc": { warned: [bridge(43, 44), led(48)] },
}

const rulesFor = (board: Board, kind: keyof ChipRules, number: number, use: PinUse) =>
  [...(BOARDS[board.name][kind] ?? []), ...CHIPS[board.chip][kind]].filter(
    ({ pins, uses }) => pins.includes(number) && uses.includes(use),
  )

const judge = (board: Board, use: PinUse, pin: string) =>
  resolveSettings({ thing: { kind: "pin", use } }, { thing: pin }, board, "devices.lamp.settings")

const boards = loadBoards()
const cases = boards.flatMap((board) =>
  PIN_USES.map((use) => [board.name, use, board, Object.entries(board.pins)] as const),
)

test("the table has every board", () => {
  expect(Object.keys(BOARDS).sort()).toEqual(boards.map(({ name }) => name))
  // 178 pins in 8 uses
  expect(cases.reduce((count, [, , , pins]) => count + pins.length, 0)).toBe(1424)
})

describe.each(cases)("%s as %s", (_, use, board, pins) => {
  test("refuses and warns for every reason there is, and for no other", () => {
    for (const [name, { number }] of pins) {
      const { problems, warnings, values } = judge(board, use, name)
      const refused = rulesFor(board, "refused", number, use)
      const warned = refused.length > 0 ? [] : rulesFor(board, "warned", number, use)
      expect([name, problems.length, warnings.length]).toEqual([name, Math.min(1, refused.length), warned.length])
      expect([name, values.thing]).toEqual([name, refused.length > 0 ? undefined : number])
      if (problems[0]) expect(refused.some(({ because }) => because.test(problems[0].reason))).toBe(true)
      for (const { because } of warned) expect(warnings.filter(({ reason }) => because.test(reason))).toHaveLength(1)
    }
  })

  test("says key and pin each time, and only alternatives that nothing speaks against", () => {
    for (const [name] of pins) {
      const { problems, warnings } = judge(board, use, name)
      for (const { key, reason, remedy } of [...problems, ...warnings]) {
        expect(key).toBe("devices.lamp.settings.thing")
        const offered = remedy.match(/GPIO\d+/g) ?? []
        expect(reason).toMatch(new RegExp(`\\b${name}\\b`))
        if (board.chip === "ESP32-S3" && use === "analog")
          expect(remedy).toBe("No pin of esp32-s3-devkitc is left for that: take a board with an ESP32 or ESP32-C3.")
        else expect(offered.length).toBeGreaterThan(0)
        expect(offered).not.toContain(name)
        for (const other of offered) expect(judge(board, use, other)).toMatchObject({ problems: [], warnings: [] })
      }
    }
  })
})
