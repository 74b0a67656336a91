import type { PinUse } from "../../src/device/settings-schema"
import { findPin, type Board, type BoardPin, type Level } from "./boards"
import { listed, type Problem } from "./problem"

interface Need {
  /** Completes "red is ...". */
  is: string
  drives: boolean
  watches: boolean
  /** Something is seen to move when the pin does. */
  shows: boolean
  /** Where a pull-up that this use cannot do without holds the pin while the chip is in reset. */
  rests?: Level
}

const USES: Record<PinUse, Need> = {
  wire: { is: "a wire that is driven low and watched", drives: true, watches: true, shows: false, rests: "high" },
  pwm: { is: "a PWM output", drives: true, watches: false, shows: true },
  output: { is: "an output", drives: true, watches: false, shows: true },
  input: { is: "a watched input", drives: false, watches: true, shows: false },
  analog: { is: "an analog input", drives: false, watches: false, shows: false },
  strip: { is: "the data line of an LED strip", drives: true, watches: false, shows: true },
  "one-wire": { is: "a 1-Wire bus that is driven low", drives: true, watches: false, shows: false, rests: "high" },
  i2c: { is: "a line of an I2C bus", drives: true, watches: false, shows: false, rests: "high" },
}

export const PIN_USES = Object.keys(USES) as PinUse[]

/** "a PWM output" */
export const inWordsOf = (use: PinUse): string => USES[use].is

type Fault = Pick<Problem, "reason" | "remedy">

interface PinVerdict {
  /** GPIO number; undefined when the pin was refused. */
  number?: number
  problem?: Fault
  warnings: Fault[]
}

/** May `setting` use the pin called `written` for `use` on `board`? Says what else would do when not: no pin of `taken`. */
export function choosePin(
  board: Board,
  setting: string,
  use: PinUse,
  written: string,
  taken: readonly string[] = [],
): PinVerdict {
  const found = findPin(board, written)
  if (found.found === "none") return refused(unknownPin(board, use, written, found.near, taken))
  if (found.found === "several") return refused(ambiguousPin(board, written, found.names))
  const { name, pin } = found
  const flaw = flawOf(name, pin, board, setting, use)
  if (flaw) return refused({ reason: flaw, remedy: oneOf(board, use, taken) })
  const free = goodPins(board, use, taken)
  const remedy = free.length
    ? `No such doubt about ${pinsListed(board, free)}.`
    : "The pins without such a doubt are taken."
  return { number: pin.number, warnings: doubts(name, pin, board, setting, use).map((reason) => ({ reason, remedy })) }
}

/** Pins that serve `use` without a doubt and are not taken, for lists of what to use instead (asked with no setting in mind). */
export function goodPins(board: Board, use: PinUse, taken: readonly string[] = []): string[] {
  const entries = Object.entries(board.pins).filter(([name]) => !taken.includes(name))
  return entries
    .filter(([name, pin]) => !flawOf(name, pin, board, "", use) && doubts(name, pin, board, "", use).length === 0)
    .map(([name]) => name)
}

/** The pins that a device's settings and parts name, rightly or not: none of them is offered instead of another. */
export function pinsNamed(board: Board, ...written: unknown[]): string[] {
  return written.flatMap((value) => {
    if (typeof value === "object" && value !== null) return pinsNamed(board, ...Object.values(value))
    const found = typeof value === "string" ? findPin(board, value) : undefined
    return found?.found === "one" ? [found.name] : []
  })
}

/** "GPIO4, GPIO6 (D4)": with what is printed where the print does not say the number. */
export function pinsListed({ pins }: Board, names: string[]): string {
  const printed = (name: string) =>
    /\d+$/.exec(pins[name].printed)?.[0] === String(pins[name].number) ? "" : ` (${pins[name].printed})`
  return listed(names.map((name) => name + printed(name)))
}

/** A remedy: the pins that serve `use` and are not taken. */
export function oneOf(board: Board, use: PinUse, taken: readonly string[] = []): string {
  const free = goodPins(board, use, taken)
  if (free.length > 0) return `Use one of ${pinsListed(board, free)}.`
  const other = use === "analog" ? "an ESP32 or ESP32-C3" : "more pins"
  return `No pin of ${board.name} is left for that: take a board with ${other}.`
}

function flawOf(name: string, pin: BoardPin, board: Board, setting: string, use: PinUse): string | undefined {
  const need = USES[use]
  if (pin.flash) return `${name} is wired to the flash that holds the program on ${board.name}`
  if (pin.inputOnly && need.drives) return `${name} is input-only on ${board.name}, and ${setting} is ${need.is}`
  if (pin.offHeader && need.drives) return `${name} is on no header of ${board.name}: it is ${pin.offHeader} alone`
  if (use === "pwm") return pwmFlaw(name, pin, board, setting)
  if (use === "analog") return analogFlaw(name, pin, board, setting)
  if (need.watches && pin.noWatch) return `${name} cannot be watched on ${board.name}, and ${setting} is ${need.is}`
  const { wrong, then, stopsBoot } = pin.strapping ?? {}
  if (stopsBoot && wrong === need.rests)
    return `${name} is a strapping pin, and at reset ${wrong} ${then}; ${setting} is ${need.is}, with a pull-up`
  return buttonFlaw(name, pin, setting, use)
}

function pwmFlaw(name: string, pin: BoardPin, board: Board, setting: string): string | undefined {
  const is = `and ${setting} is ${USES.pwm.is}`
  if (pin.dac) return `${name} is a DAC pin on ${board.name}: it would put out a voltage, not pulses, ${is}`
  if (!pin.pwm) return `${name} gives no pulses on ${board.name}, ${is}`
  return buttonFlaw(name, pin, setting, "pwm")
}

function analogFlaw(name: string, { adc }: BoardPin, { name: board, chip, firmware }: Board, setting: string) {
  const is = `and ${setting} is ${USES.analog.is}`
  if (firmware.adcUnits.length === 0) return `${name} is not read: Espruino for ${chip} has no converter, ${is}`
  if (!adc) return `${name} has no converter on ${board}, ${is}`
  if (!firmware.adcUnits.includes(adc.unit))
    return `${name} is at ADC${adc.unit}, which Espruino does not read and Wi-Fi needs for itself, ${is}`
}

/** jshPinSetValue turns a negated pin's level round and opens no drain there; jshPinOutput leaves a pin that is "manual" an input. */
function buttonFlaw(name: string, { firmwareButton }: BoardPin, setting: string, use: PinUse): string | undefined {
  const is = `and ${setting} is ${USES[use].is}`
  if (firmwareButton === "inverted" && ["output", "pwm", "wire", "one-wire"].includes(use))
    return `Espruino takes ${name} for its button BTN1 and writes it inverted, ${is}`
  if (firmwareButton === "input" && use === "output")
    return `Espruino takes ${name} for its button BTN1 and keeps it an input, ${is}`
}

function doubts(name: string, pin: BoardPin, board: Board, setting: string, use: PinUse): string[] {
  const { drives, shows } = USES[use]
  const { strapping } = pin
  const reasons: [unknown, string][] = [
    [strapping, `${name} is a strapping pin, and at reset ${strapping?.wrong} ${strapping?.then}`],
    [pin.console, `${name} is the serial console: logs and flashing use it`],
    [pin.bridge, `${name} is wired to the serial bridge of the USB connector`],
    [pin.bootLog && shows, `${name} puts out the boot log, so ${setting} flickers at each reset`],
    [pin.psram, `${name} is taken on modules with 8-line PSRAM`],
    [pin.bootPullUp && shows, `${name} is pulled up while the board boots, so ${setting} may twitch`],
    [pin.inputOnly && use === "input", `${name} has no pull-up inside the chip: add a resistor to 3.3 V`],
    [pin.firmwareButton === "inverted" && use === "input", `Espruino takes ${name} for BTN1 and reads it inverted`],
    [board.led?.pin === name && !shows, `the LED of ${board.name} hangs on ${name} and loads it`],
    [pin.offHeader && !drives, `${name} is on no header of ${board.name}: it reads ${pin.offHeader}`],
  ]
  return reasons.flatMap(([holds, reason]) => (holds ? [reason] : []))
}

function unknownPin(board: Board, use: PinUse, written: string, near: string[], taken: readonly string[]): Fault {
  const remedy = near.length > 0 ? `Did you mean ${near.join(" or ")}?` : oneOf(board, use, taken)
  return { reason: `"${written}" is no pin of ${board.name}`, remedy }
}

function ambiguousPin(board: Board, written: string, names: string[]): Fault {
  const told = names.map((name) => `${name} (printed ${board.pins[name].printed})`)
  const usable = names.filter((name) => !board.pins[name].flash)
  const remedy = `Write ${usable.join(" or ")}.`
  return { reason: `"${written}" may mean ${told.join(" or ")} on ${board.name}`, remedy }
}

const refused = (problem: Fault): PinVerdict => ({ problem, warnings: [] })
