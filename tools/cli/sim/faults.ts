import { parseFault, type Wanted } from "../../../sim/faults/grammar"
import { FaultError } from "../../../sim/faults/value"
import { findPin } from "../../config/boards"
import { durationText } from "../../config/duration"
import type { Device } from "../../config/device"
import { EXIT_USAGE, Failure } from "../../failure"

/**
 * Looks at what `--fault` asks for before the house is built. A fault that never begins is refused; the result is what is worth a
 * word. What is no fault at all the house says, which knows what there is.
 */
export function checkFaults(
  faults: readonly string[],
  devices: readonly Device[],
  forUs: number | undefined,
): string[] {
  return faults.flatMap((text) => {
    const wanted = parsed(text)
    if (!wanted) return []
    const { atUs } = wanted
    if (atUs !== undefined && forUs !== undefined && atUs > forUs)
      throw new Failure(
        `--fault "${text}" begins at ${written(atUs)}, and --for ends the run at ${written(forUs)}. Let it begin before, or run for longer.`,
        EXIT_USAGE,
      )
    return doubtOf(text, wanted, devices)
  })
}

function parsed(text: string): Wanted | undefined {
  try {
    return parseFault(text)
  } catch (error) {
    if (error instanceof FaultError) return undefined
    throw error
  }
}

/** A wire without ends: no part hangs at the pin, and no setting gives it to the program. */
function doubtOf(text: string, { target }: Wanted, devices: readonly Device[]): string[] {
  const [name, pin = "", ...more] = target.split(".")
  const device = devices.find((each) => each.name === name)
  if (!device || more.length || device.parts.some((part) => part.name === pin)) return []
  const found = findPin(device.board, pin)
  if (found.found !== "one" || pinsOf(device).has(found.pin.number)) return []
  return [`--fault "${text}" will show nothing: no part and no setting of "${name}" is at ${found.name}.`]
}

function pinsOf({ schema, settings, parts }: Device): Set<number> {
  const given = Object.entries(schema).flatMap(([name, { kind }]) =>
    kind === "pin" || kind === "pins" ? (settings[name] as number | number[]) : [],
  )
  return new Set([...given, ...parts.flatMap(({ pins }) => Object.values(pins))])
}

const written = (us: number): string => durationText(us / 1000)
