import type { Drive } from "./net"

/** The rail of the board and of everything on its pins. */
export const SUPPLY_VOLTS = 3.3

/** Output stage of an ESP32 pin at its default strength: 20 mA at a drop of some 0.5 V (ESP32 datasheet, I_OH and I_OL). */
const STRONG_OHMS = 25
/** The chip's own pulls (ESP32 datasheet, R_PU and R_PD). A module's pull-up is taken for one of these here. */
const PULL_OHMS = 45_000

/** Levels of an input (ESP32 datasheet: V_IL 0.25 VDD, V_IH 0.75 VDD). Between them it stays as it was: an estimate. */
const LOW_VOLTS = 0.25 * SUPPLY_VOLTS
const HIGH_VOLTS = 0.75 * SUPPLY_VOLTS

/** All drives as sources behind resistors, side by side (Millman). Undefined when nothing drives. PWM counts with its mean. */
export function voltageOf(drives: Iterable<Drive>): number | undefined {
  let siemens = 0
  let amperes = 0
  for (const drive of drives) {
    const source = sourceOf(drive)
    if (!source) continue
    siemens += 1 / source.ohms
    amperes += source.volts / source.ohms
  }
  return siemens > 0 ? amperes / siemens : undefined
}

/** The level that an input makes of a voltage. */
export function levelOf(volts: number, before: 0 | 1): 0 | 1 {
  if (volts >= HIGH_VOLTS) return 1
  return volts <= LOW_VOLTS ? 0 : before
}

function sourceOf(drive: Drive): { volts: number; ohms: number } | undefined {
  if (drive.kind === "float") return undefined
  if (drive.kind === "volts") return { volts: drive.volts, ohms: Math.max(1, drive.ohms) }
  if (drive.kind === "pull") return { volts: drive.level * SUPPLY_VOLTS, ohms: PULL_OHMS }
  const share = drive.kind === "pwm" ? drive.duty : drive.level
  return { volts: share * SUPPLY_VOLTS, ohms: STRONG_OHMS }
}
