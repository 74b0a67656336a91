import type { DeviceView } from "../../../sim/events"
import { plain, type Line, type Rgb, type Span, type Style } from "./style"
import { fit, harmless } from "../../text/terminal"

type Part = DeviceView["parts"][number]

/** One part as a person would see it. Names take `nameWidth` columns so that values stand below each other. */
export function partLines(part: Part, nameWidth: number, columns: number, style: Style): Line[] {
  const name = { text: `${fit(harmless(part.name), nameWidth)} `, paint: style.colors.dim }
  const lamp = LAMPS[part.part]
  if (lamp) return lampLines(part.values, lamp(part.values), name, columns, style)
  if (part.part === "relay") return [[name, state(part.values.closed === 1, "closed", "open", style)]]
  if (part.part === "button") return [[name, state(part.values.pressed === 1, "pressed", "up", style)]]
  if (part.part === "pir") return [[name, state(part.values.motion === 1, "motion", "still", style)]]
  return [[name, plain(valuesText(part.values))]]
}

const pct = (share = 0) => `${Math.round(share * 100)}`

/** What stands below a lamp's colour, by its part. */
const LAMPS: Partial<Record<string, (values: Record<string, number>) => string>> = {
  "rgb-led": ({ red, green, blue }) => `duty ${pct(red)} ${pct(green)} ${pct(blue)} %`,
  "rgbw-led": ({ red, green, blue, white }) => `duty ${pct(red)} ${pct(green)} ${pct(blue)} ${pct(white)} %`,
  "dimmed-led": ({ light }) => `duty ${pct(light)} %`,
  "white-led": ({ kelvin, warm, cold }) => `${kelvin} K ${pct(warm)} ${pct(cold)} %`,
  "led-strip": ({ lit, ma }) => `${lit} lit, ${ma} mA`,
}

const state = (isOn: boolean, on: string, off: string, style: Style) =>
  isOn ? { text: `● ${on}`, paint: style.colors.green } : { text: `○ ${off}`, paint: style.colors.dim }

const LAMP_TEXT = 22

function lampLines(
  values: Record<string, number>,
  below: string,
  name: Line[number],
  columns: number,
  style: Style,
): Line[] {
  const patch = swatch(values, Math.min(16, Math.max(4, columns - name.text.length - LAMP_TEXT)), style)
  const { red, green, blue } = colourOf(values)
  const hex = [red, green, blue].map((each) => each.toString(16).padStart(2, "0")).join("")
  const detail = { text: `  ${below}`, paint: style.colors.dim }
  const indent = plain(" ".repeat(name.text.length))
  return [
    [name, patch, plain(`  #${hex}`)],
    [indent, patch, detail],
  ]
}

/** A patch in the lamp's colour; where there is no colour, in its brightness. */
export function swatch(values: Record<string, number>, columns: number, style: Style): Span {
  const colour = colourOf(values)
  const paint = style.ground(colour)
  return { text: paint ? " ".repeat(columns) : shade(colour).repeat(columns), paint }
}

/** The eye's colour for the lamp's light, as the part computes it. */
function colourOf(values: Record<string, number>): Rgb {
  return { red: values.swatchRed ?? 0, green: values.swatchGreen ?? 0, blue: values.swatchBlue ?? 0 }
}

/** Brightness alone, where there is no colour. Weights: ITU-R BT.709 luma. */
function shade({ red, green, blue }: Rgb): string {
  const luma = (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255
  return "·░▒▓█"[Math.min(4, Math.ceil(luma * 4))]
}

const UNITS: [RegExp, string][] = [
  [/C$/, "°C"],
  [/Pct$/, "%"],
  [/HPa$/i, "hPa"],
  [/Pa$/, "Pa"],
  [/lux$/i, "lx"],
]

/** "temperatureC: 23.4" reads "23.4 °C"; a value without a known unit keeps its name. */
function valuesText(values: Record<string, number>): string {
  const texts = Object.entries(values).map(([key, value]) => {
    if (/ohms$/i.test(key)) return value >= 1000 ? `${(value / 1000).toFixed(1)} kΩ` : `${Math.round(value)} Ω`
    const unit = UNITS.find(([ending]) => ending.test(key))?.[1]
    const shown = Number.isInteger(value) && unit === undefined ? String(value) : value.toFixed(1)
    return unit ? `${shown} ${unit}` : `${harmless(key)} ${shown}`
  })
  return texts.join("  ")
}
