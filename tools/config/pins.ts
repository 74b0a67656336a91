import type { PinUse } from "../../src/device/settings-schema"
import { findPin, type Board, type BoardPin } from "./boards"
import { listed, type Problem } from "./problem"

/** What a use needs of a pin; the words complete "red is ...". */
const USES: Record<PinUse, { is: string; drives: boolean; watches: boolean }> = {
  wire: { is: "a wire that is driven low and watched", drives: true, watches: true },
  pwm: { is: "a PWM output", drives: true, watches: false },
  output: { is: "an output", drives: true, watches: false },
  input: { is: "a watched input", drives: false, watches: true },
  analog: { is: "an analog input", drives: false, watches: false },
  strip: { is: "the data line of an LED strip", drives: true, watches: false },
  "one-wire": { is: "a 1-Wire bus that is driven low", drives: true, watches: false },
  i2c: { is: "a line of an I2C bus", drives: true, watches: false },
}

export interface PinVerdict {
  /** GPIO number; undefined when the pin was refused. */
  number?: number
  problem?: Pick<Problem, "reason" | "remedy">
  warnings: Pick<Problem, "reason" | "remedy">[]
}

/** May `setting` use the pin called `written` for `use` on `board`? Says what else would do when not. */
export function choosePin(board: Board, setting: string, use: PinUse, written: string): PinVerdict {
  const found = findPin(board, written)
  if (found.found === "none") return refused(unknownPin(board, use, written, found.near))
  if (found.found === "several") return refused(ambiguousPin(board, written, found.names))
  const { name, pin } = found
  const flaw = flawOf(name, pin, board, setting, use)
  if (flaw) return refused({ reason: flaw, remedy: `Use one of ${listed(goodPins(board, use))}.` })
  return { number: pin.number, warnings: doubts(name, pin, board, setting, use) }
}

/** Pins that serve `use` without a doubt, for lists of what to take instead (asked with no setting in mind). */
export function goodPins(board: Board, use: PinUse): string[] {
  const entries = Object.entries(board.pins)
  return entries
    .filter(([name, pin]) => !flawOf(name, pin, board, "", use) && doubts(name, pin, board, "", use).length === 0)
    .map(([name]) => name)
}

function flawOf(name: string, pin: BoardPin, board: Board, setting: string, use: PinUse): string | undefined {
  const need = USES[use]
  if (pin.flash) return `${name} is wired to the flash that holds the program on ${board.name}`
  if (pin.inputOnly && need.drives) return `${name} is input-only on ${board.name}, and ${setting} is ${need.is}`
  if (use === "pwm" && pin.dac)
    return `${name} is a DAC pin on ${board.name}: it would put out a voltage, not pulses, and ${setting} is ${need.is}`
  if (use === "pwm" && !pin.pwm) return `${name} gives no pulses on ${board.name}, and ${setting} is ${need.is}`
  if (use === "analog" && !pin.adc)
    return `${name} has no converter that Espruino reads on ${board.name}, and ${setting} is ${need.is}`
  if (need.watches && pin.noWatch) return `${name} cannot be watched on ${board.name}, and ${setting} is ${need.is}`
  return undefined
}

function doubts(name: string, pin: BoardPin, board: Board, setting: string, use: PinUse): PinVerdict["warnings"] {
  const reasons: string[] = []
  if (pin.strapping) reasons.push(`${name} is a strapping pin, and at reset ${pin.atReset}`)
  if (pin.console) reasons.push(`${name} is the serial console: logs and flashing use it`)
  if (pin.bootPullUp && (use === "output" || use === "pwm" || use === "strip"))
    reasons.push(`${name} is pulled up while the board boots, so ${setting} may twitch`)
  if (pin.inputOnly && use === "input") reasons.push(`${name} has no pull-up inside the chip: add a resistor to 3.3 V`)
  if (reasons.length === 0 || setting === "") return reasons.map((reason) => ({ reason, remedy: "" }))
  const remedy = `No such doubt about ${listed(goodPins(board, use))}.`
  return reasons.map((reason) => ({ reason, remedy }))
}

function unknownPin(board: Board, use: PinUse, written: string, near: string[]) {
  const instead = near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `Use one of ${listed(goodPins(board, use))}.`
  return { reason: `"${written}" is no pin of ${board.name}`, remedy: instead }
}

function ambiguousPin(board: Board, written: string, names: string[]) {
  const told = names.map((name) => `${name} (printed ${board.pins[name].printed})`)
  const usable = names.filter((name) => !board.pins[name].flash)
  const remedy = `Write ${usable.join(" or ")}.`
  return { reason: `"${written}" may mean ${told.join(" or ")} on ${board.name}`, remedy }
}

const refused = (problem: PinVerdict["problem"]): PinVerdict => ({ problem, warnings: [] })
