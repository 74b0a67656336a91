import type { Board } from "./boards"
import { findPin } from "./boards"
import { didYouMean, nearest } from "./nearest"
import { listed, type Problem } from "./problem"
import type { SettingsSchema } from "./settings"

/** The pins of each part the simulator can wire, as sim/parts names them. */
export const PART_PINS: Record<string, string[]> = {
  dht22: ["data"],
  "rgb-led": ["red", "green", "blue"],
  button: ["contact"],
  relay: ["coil"],
}

export interface Part {
  name: string
  part: string
  pins: Record<string, number>
}

export interface PartsOf {
  board: Board
  schema: SettingsSchema
  /** Resolved settings: where a pin setting's number is found. */
  values: Record<string, number | string | boolean>
  /** "devices.bulb" */
  prefix: string
}

/** The simulator's wiring of one device: each end is a pin of the board or the name of a pin setting. */
export function resolveParts(written: Record<string, Record<string, unknown>>, device: PartsOf) {
  const result = { parts: [] as Part[], problems: [] as Problem[] }
  for (const [name, entry] of Object.entries(written)) {
    const key = `${device.prefix}.parts.${name}`
    const { part = name, ...ends } = entry as { part?: string } & Record<string, string>
    if (!Object.hasOwn(PART_PINS, part)) result.problems.push(unknownPart(key, part))
    else result.parts.push({ name, part, pins: wire(key, part, ends, device, result.problems) })
  }
  return result
}

function wire(key: string, part: string, ends: Record<string, string>, device: PartsOf, problems: Problem[]) {
  const pins: Record<string, number> = {}
  const wanted = PART_PINS[part]
  for (const end of Object.keys(ends).filter((each) => !wanted.includes(each)))
    problems.push({ key: `${key}.${end}`, reason: `a ${part} has no such pin`, remedy: didYouMean(end, wanted) })
  for (const end of wanted) {
    const target = ends[end]
    const number = target === undefined ? undefined : pinOf(target, device)
    if (number !== undefined) pins[end] = number
    else if (target === undefined)
      problems.push({ key: `${key}.${end}`, reason: "is missing", remedy: `Write "${end}": with ${choice(device)}.` })
    else if (!isPinSetting(target, device)) problems.push(unknownEnd(`${key}.${end}`, target, device))
  }
  return pins
}

const pinSettings = ({ schema }: PartsOf) => Object.keys(schema).filter((name) => schema[name].kind === "pin")
const isPinSetting = (name: string, device: PartsOf) => pinSettings(device).includes(name)

/** A pin setting that was refused has no number, and its own problem says so already. */
function pinOf(target: string, device: PartsOf): number | undefined {
  if (isPinSetting(target, device)) return device.values[target] as number | undefined
  const found = findPin(device.board, target)
  return found.found === "one" ? found.pin.number : undefined
}

function choice(device: PartsOf): string {
  const settings = pinSettings(device)
  return settings.length > 0 ? `${listed(settings)} or a pin of the board` : "a pin of the board"
}

function unknownEnd(key: string, target: string, device: PartsOf): Problem {
  const near = nearest(target, [...pinSettings(device), ...Object.keys(device.board.pins)], 3)
  const remedy = near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `Write ${choice(device)}.`
  return { key, reason: `"${target}" is neither a pin of ${device.board.name} nor a pin setting`, remedy }
}

const unknownPart = (key: string, part: string): Problem => ({
  key,
  reason: `"${part}" is no part the simulator knows`,
  remedy: `${didYouMean(part, Object.keys(PART_PINS))} Another name may stand here when "part" says what it is.`,
})
