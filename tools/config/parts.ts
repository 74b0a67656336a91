import type { PinUse, SettingValue } from "../../src/device/settings-schema"
import type { Board } from "./boards"
import { findPin } from "./boards"
import { inWords } from "./explain"
import { didYouMean, nearest } from "../../sim/nearest"
import { listed, misspelt, type Problem } from "./problem"
import { takenPins, type SettingsSchema } from "./settings"

/** What a number or a text of a part may be. */
type PartOption = { min: number; max: number } | { oneOf: (string | number)[] } | "flag"

/** One end of a part, as the pin sees it. */
export interface PartEnd {
  /** How a program uses the pin; undefined where none declares it: UARTs have their pins from the firmware. */
  use?: PinUse
  /** What it does to the pin while the chip is in reset. */
  atReset: "pulls it up" | "pulls it down" | "may drive it high or low" | "nothing"
}

interface PartFacts {
  pins: Record<string, PartEnd>
  options?: Record<string, PartOption>
  /** On I2C: that of a part which has no other. */
  address?: string
}

/** A data line with the module's own pull-up: 4.7 to 10 kOhm, against 45 kOhm of the chip's pulls. */
const WIRE: PartEnd = { use: "wire", atReset: "pulls it up" }
const I2C: PartFacts["pins"] = {
  sda: { use: "i2c", atReset: "pulls it up" },
  scl: { use: "i2c", atReset: "pulls it up" },
}
/** Lit through a resistor or a transistor to ground: 2 kOhm or less once above the LED's voltage, 10 kOhm at a gate. */
const LIGHT: PartEnd = { use: "pwm", atReset: "pulls it down" }
const VOLTAGE: PartEnd = { use: "analog", atReset: "may drive it high or low" }
/** As text: JSON has no hexadecimal numbers. */
const address = (...oneOf: string[]): PartFacts["options"] => ({ address: { oneOf } })

/** The pins and options of each part the simulator can wire, as sim/parts names them. */
export const PARTS: Record<string, PartFacts> = {
  dht22: { pins: { data: WIRE } },
  "rgb-led": { pins: { red: LIGHT, green: LIGHT, blue: LIGHT } },
  button: { pins: { contact: { use: "input", atReset: "pulls it up" } } },
  relay: { pins: { coil: { use: "output", atReset: "pulls it down" } } },
  sht3x: { pins: I2C, options: address("0x44", "0x45") },
  sht4x: { pins: I2C, options: address("0x44", "0x45", "0x46") },
  bme280: { pins: I2C, options: address("0x76", "0x77") },
  aht20: { pins: I2C, address: "0x38" },
  bh1750: { pins: I2C, options: address("0x23", "0x5C") },
  dht11: { pins: { data: WIRE } },
  ds18b20: {
    pins: { data: { use: "one-wire", atReset: "pulls it up" } },
    options: { serial: { min: 0, max: 0xffffffffffff }, parasite: "flag", pullUp: "flag" },
  },
  ntc: {
    pins: { signal: VOLTAGE },
    options: {
      ohms: { min: 100, max: 1_000_000 },
      beta: { min: 1000, max: 10_000 },
      seriesOhms: { min: 100, max: 1_000_000 },
      to: { oneOf: ["ground", "supply"] },
    },
  },
  potentiometer: { pins: { wiper: VOLTAGE }, options: { ohms: { min: 100, max: 1_000_000 } } },
  pir: {
    pins: { out: { use: "input", atReset: "may drive it high or low" } },
    options: { holdS: { min: 0.3, max: 300 }, retriggers: "flag" },
  },
  "dimmed-led": { pins: { light: LIGHT }, options: { ma: { min: 0, max: 100_000 } } },
  "rgbw-led": { pins: { red: LIGHT, green: LIGHT, blue: LIGHT, white: LIGHT } },
  "white-led": {
    pins: { warm: LIGHT, cold: LIGHT },
    options: {
      warmK: { min: 1700, max: 25_000 },
      coldK: { min: 1700, max: 25_000 },
      ma: { min: 0, max: 100_000 },
    },
  },
  "led-strip": {
    pins: { data: { use: "strip", atReset: "nothing" } },
    options: {
      leds: { min: 1, max: 1000 },
      kind: { oneOf: ["ws2812", "sk6812"] },
      order: { oneOf: ["RGB", "RBG", "GRB", "GBR", "BRG", "BGR", "GRBW", "RGBW", "WRGB"] },
    },
  },
  "serial-peer": {
    pins: { tx: { atReset: "pulls it up" }, rx: { atReset: "nothing" } },
    options: { baud: { min: 300, max: 921_600 } },
  },
}

export interface Part {
  name: string
  part: string
  pins: Record<string, number>
  options?: Record<string, OptionValue>
}

type Fault = Pick<Problem, "reason" | "remedy">
type OptionValue = number | string | boolean

export interface PartsOf {
  board: Board
  schema: SettingsSchema
  /** Resolved settings: where a pin setting's number is found. */
  values: Record<string, SettingValue>
  /** "devices.bulb" */
  prefix: string
}

/** On I2C; where a part has several, the first is what its pins give when they are left alone. */
export function addressOf({ part, options }: Part): string | undefined {
  const { address, options: { address: several } = {} } = PARTS[part]
  const first = typeof several === "object" && "oneOf" in several ? several.oneOf[0] : address
  return (options?.address ?? first)?.toString()
}

/** The simulator's wiring of one device: each end is a pin of the board or the name of a pin setting. */
export function resolveParts(written: Record<string, Record<string, unknown>>, device: PartsOf) {
  const result = { parts: [] as Part[], problems: [] as Problem[] }
  for (const [name, entry] of Object.entries(written)) {
    const key = `${device.prefix}.parts.${name}`
    const { part = name, ...rest } = entry as { part?: string } & Record<string, OptionValue>
    if (!Object.hasOwn(PARTS, part)) result.problems.push(unknownPart(key, part))
    else result.parts.push({ name, part, ...wire(key, part, rest, device, result.problems) })
  }
  return result
}

function wire(key: string, part: string, written: Record<string, OptionValue>, device: PartsOf, problems: Problem[]) {
  const { pins: named, options: known = {} } = PARTS[part]
  const ends = Object.keys(named)
  const pins: Record<string, number> = {}
  const options: Record<string, OptionValue> = {}
  for (const [name, value] of Object.entries(written)) {
    if (ends.includes(name)) continue
    const fault = Object.hasOwn(known, name)
      ? optionFault(known[name], value)
      : { reason: `a ${part} has no such pin or option`, remedy: didYouMean(name, [...ends, ...Object.keys(known)]) }
    if (fault) problems.push({ key: `${key}.${name}`, ...fault })
    else options[name] = value
  }
  const meant = misspelt(written, [...ends, ...Object.keys(known)])
  for (const end of ends) {
    if (meant.includes(end)) continue
    const fault = end in written ? wireEnd(pins, end, written[end], device) : missingEnd(end, device)
    if (fault) problems.push({ key: `${key}.${end}`, ...fault })
  }
  return Object.keys(options).length > 0 ? { pins, options } : { pins }
}

function wireEnd(pins: Record<string, number>, end: string, target: OptionValue, device: PartsOf): Fault | undefined {
  const name = String(target)
  const number = pinOf(name, device)
  if (number !== undefined) pins[end] = number
  else if (!isPinSetting(name, device)) return unknownEnd(name, device)
}

function optionFault(option: PartOption, value: OptionValue): Fault | undefined {
  if (option === "flag")
    return typeof value === "boolean" ? undefined : { reason: `${value} is not true or false`, remedy: "Write true." }
  if ("oneOf" in option)
    return option.oneOf.includes(value as never)
      ? undefined
      : { reason: `${value} will not do`, remedy: `Write one of ${option.oneOf.join(", ")}.` }
  const remedy = `Write ${option.min} to ${option.max}, without quotes and unit.`
  if (typeof value !== "number") return { reason: `${inWords(value)} is not a number`, remedy }
  if (value >= option.min && value <= option.max) return undefined
  return { reason: `${value} is out of range`, remedy: `Write ${option.min} to ${option.max}.` }
}

const missingEnd = (end: string, device: PartsOf): Fault => ({
  reason: "is missing",
  remedy: `Write "${end}": with ${choice(device)}.`,
})

/** `sensor`, and `bus.sda` for a pin of a bus. */
const pinSettings = ({ schema }: PartsOf) =>
  Object.entries(schema).flatMap(([name, kind]) => {
    if (kind.kind === "pins") return Object.keys(kind.roles).map((role) => `${name}.${role}`)
    return kind.kind === "pin" ? [name] : []
  })
const isPinSetting = (name: string, device: PartsOf) => pinSettings(device).includes(name)

/** A pin setting that was refused has no number, and its own problem says so already. */
function pinOf(target: string, device: PartsOf): number | undefined {
  if (isPinSetting(target, device))
    return takenPins(device.schema, device.values).find(({ name }) => name === target)?.number
  const found = findPin(device.board, target)
  return found.found === "one" ? found.pin.number : undefined
}

function choice(device: PartsOf): string {
  const settings = pinSettings(device)
  return settings.length > 0 ? `${listed(settings)} or a pin of the board` : "a pin of the board"
}

function unknownEnd(target: string, device: PartsOf): Fault {
  const near = nearest(target, [...pinSettings(device), ...Object.keys(device.board.pins)], 3)
  const remedy = near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `Write ${choice(device)}.`
  return { reason: `"${target}" is neither a pin of ${device.board.name} nor a pin setting`, remedy }
}

const unknownPart = (key: string, part: string): Problem => ({
  key,
  reason: `"${part}" is no part the simulator knows`,
  remedy: `${didYouMean(part, Object.keys(PARTS))} Another name may stand here when "part" says what it is.`,
})
