import { expect, test } from "vitest"
import { settingsText } from "../../tools/cli/build/table"
import { loadBoards } from "../../tools/config/boards"

const board = loadBoards().find(({ name }) => name === "xiao-esp32c3")!

test("settings are told as flash.config.json names them, whatever the record makes of them", () => {
  const text = settingsText({
    board,
    schema: {
      sensor: { kind: "pin", use: "wire" },
      bus: { kind: "pins", roles: { sda: "i2c", scl: "i2c" } },
      interval: { kind: "duration", min: 0, max: 1e9 },
      topic: { kind: "text", maxBytes: 64 },
      altitude: { kind: "number", min: 0, max: 9000 },
      isLoud: { kind: "flag" },
    },
    settings: { sensor: 4, bus: [6, 7], interval: 90_000, topic: "attic/air", altitude: 540, isLoud: false },
  })
  expect(text).toBe(
    'sensor GPIO4, bus sda GPIO6 scl GPIO7, interval 90s, topic "attic/air", altitude 540, isLoud false',
  )
})

test("a program without settings has none to tell", () => {
  expect(settingsText({ board, schema: {}, settings: {} })).toBe("")
})
