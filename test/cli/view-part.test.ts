import { expect, test } from "vitest"
import { partLines } from "../../tools/cli/view/part"
import { Style } from "../../tools/cli/view/style"

const SWATCH = { swatchRed: 255, swatchGreen: 128, swatchBlue: 0 }

const shown = (part: string, values: Record<string, number>) =>
  partLines({ name: "it", part, values }, 4, 40, new Style("none")).map((line) =>
    line
      .map(({ text }) => text)
      .join("")
      .replace(/[░▒▓█]+/, "▓")
      .trimEnd(),
  )

test.each([
  ["rgb-led", { red: 1, green: 0.5, blue: 0 }, "duty 100 50 0 %"],
  ["rgbw-led", { red: 1, green: 0.5, blue: 0, white: 0.25 }, "duty 100 50 0 25 %"],
  ["dimmed-led", { light: 0.4 }, "duty 40 %"],
  ["white-led", { kelvin: 2700, warm: 1, cold: 0, light: 1 }, "2700 K 100 0 %"],
  ["led-strip", { lit: 12, ma: 340 }, "12 lit, 340 mA"],
])("a %s shows its colour, and below it what makes it", (part, values, below) => {
  expect(shown(part, { ...values, ...SWATCH } as Record<string, number>)).toEqual([
    "it   ▓  #ff8000",
    `     ▓  ${below}`,
  ])
})

test("a motion sensor says what it sees", () => {
  expect([shown("pir", { motion: 1 }), shown("pir", { motion: 0 })]).toEqual([["it   ● motion"], ["it   ○ still"]])
})

test("sensors show values with their units", () => {
  expect(shown("ds18b20", { temperatureC: 21.53 })).toEqual(["it   21.5 °C"])
  expect(shown("potentiometer", { share: 0.25 })).toEqual(["it   share 0.3"])
})

test.each([
  ["bme280", { temperatureC: 19.4, pressureHpa: 1013.25 }, "it   19.4 °C  1013.3 hPa"],
  ["bh1750", { lux: 120 }, "it   120.0 lx"],
  ["ntc", { ohms: 820 }, "it   820 Ω"],
  ["ntc", { ohms: 12_345 }, "it   12.3 kΩ"],
])("what a %s measures has its unit", (part, values, line) => {
  expect(shown(part, values)).toEqual([line])
})
